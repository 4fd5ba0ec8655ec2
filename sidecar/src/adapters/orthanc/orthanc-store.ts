import { ArchiveError, type Archive } from "../../archive/archive.js";
import type { InstanceIdentity } from "../../dicom/part10-identity.js";
import { TAG, type Tag } from "../../dicom/tag.js";
import type { OrthancId, Uid } from "../../dicom/uid.js";
import type { InstanceFile, InstanceStore, StoreOutcome } from "../../stow-rs/instance-store.js";
import type { OrthancHttp } from "./http.js";

interface StoreJson {
  readonly ID?: OrthancId;
  readonly ParentStudy?: OrthancId;
  readonly Status?: string;
}

/** `POST /instances`: the file goes through as it comes from disk. */
export class OrthancStore implements InstanceStore {
  constructor(
    private readonly http: OrthancHttp,
    private readonly archive: Pick<Archive, "deleteInstance" | "dataSet">,
  ) {}

  async store({ size, stream }: InstanceFile): Promise<StoreOutcome> {
    const { status, body } = await this.http.sendFile("/instances", stream, {
      "content-type": "application/dicom",
      "content-length": String(size),
    });
    if (status === 413 || status === 507) return { outcome: "no-room" };
    if (status === 401 || status === 503)
      throw new ArchiveError("archive-busy", true, `Orthanc answered HTTP ${status} to a store`);
    // 4xx for what is no DICOM or names no patient, study or series; DCMTK's own complaints come as 500 "BadFileFormat"
    if (status < 500 && status !== 200) return { outcome: "not-understood" };
    if (status !== 200)
      return {
        outcome: /"OrthancStatus" *: *15\b/.test(body.toString("latin1")) ? "not-understood" : "no-room",
      };
    const { ID, ParentStudy, Status } = JSON.parse(body.toString("utf8")) as StoreJson;
    if (ID === undefined || ParentStudy === undefined) return { outcome: "refused" };
    if (Status === "Success") return { outcome: "stored", orthancId: ID, studyId: ParentStudy };
    if (Status === "AlreadyStored") return { outcome: "already-stored", orthancId: ID, studyId: ParentStudy };
    return { outcome: "refused" };
  }

  remove(orthancId: OrthancId): Promise<void> {
    return this.archive.deleteInstance(orthancId);
  }

  async identify(orthancId: OrthancId): Promise<Omit<InstanceIdentity, "patient">> {
    const dataSet = await this.archive.dataSet(orthancId);
    const uid = (tag: Tag) => (dataSet.text(tag) ?? "") as Uid;
    return {
      sopClassUid: uid(TAG.SOPClassUID),
      sopInstanceUid: uid(TAG.SOPInstanceUID),
      studyInstanceUid: uid(TAG.StudyInstanceUID),
      seriesInstanceUid: uid(TAG.SeriesInstanceUID),
    };
  }
}
