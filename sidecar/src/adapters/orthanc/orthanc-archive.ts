import { LRUCache } from "lru-cache";
import {
  ArchiveError,
  type Archive,
  type ArchiveChange,
  type ArchiveFilter,
  type ArchivedInstance,
  type IndexedInstance,
} from "../../archive/archive.js";
import { DataSet } from "../../dicom/data-set.js";
import type { DecodedFrame, PixelFormat } from "../../dicom/frame.js";
import { TAG, type Tag } from "../../dicom/tag.js";
import type { OrthancId } from "../../dicom/uid.js";
import type { OrthancHttp } from "./http.js";
import { frameFromNpy } from "./npy.js";
import type { OrthancAnswer } from "./whole-answer.js";

/** Name of the user content type 1025 in orthanc-config/orthanc.json. */
const ATTACHMENT = "htj2k";
const PAGE = 1_000;
const JSON_BODY = { "content-type": "application/json" };

interface InstanceJson {
  readonly ID: OrthancId;
  readonly ParentSeries: OrthancId;
  readonly FileUuid: string;
}

interface IndexedInstanceJson extends InstanceJson {
  readonly MainDicomTags: Readonly<Record<string, string>>;
  readonly Metadata: Readonly<Record<string, string>>;
}

/** The archive as Orthanc's REST API gives it. */
export class OrthancArchive implements Archive {
  /** A series never moves to another study: asked once. */
  private readonly studies = new LRUCache<OrthancId, OrthancId>({ max: 10_000 });

  constructor(private readonly http: OrthancHttp) {}

  async describeInstance(orthancId: OrthancId): Promise<ArchivedInstance> {
    const [instance, dataSet, syntax] = await Promise.all([
      this.json<InstanceJson>(`/instances/${orthancId}`),
      this.dataSet(orthancId),
      this.http.get(`/instances/${orthancId}/metadata/TransferSyntax`),
    ]);
    const indexed = syntax.status === 200 ? syntax.body.toString("latin1") : undefined;
    return {
      orthancId,
      seriesId: instance.ParentSeries,
      studyId: await this.studyOf(instance.ParentSeries),
      fileUuid: instance.FileUuid,
      transferSyntaxUid: trimmed(indexed ?? (await this.statedTransferSyntax(orthancId))),
      dataSet,
    };
  }

  private async studyOf(seriesId: OrthancId): Promise<OrthancId> {
    const known = this.studies.get(seriesId);
    if (known !== undefined) return known;
    const { ParentStudy } = await this.json<{ ParentStudy: OrthancId }>(`/series/${seriesId}`);
    this.studies.set(seriesId, ParentStudy);
    return ParentStudy;
  }

  async indexedInstances(orthancIds: readonly OrthancId[]): Promise<IndexedInstance[]> {
    if (orthancIds.length === 0) return [];
    const question = { Resources: orthancIds, Level: "Instance", Metadata: true };
    const answer = await this.http.send("POST", "/tools/bulk-content", json(question), JSON_BODY);
    const found = JSON.parse(accepted(answer).body.toString("utf8")) as IndexedInstanceJson[];
    return Promise.all(
      found.map(async ({ ID, ParentSeries, FileUuid, MainDicomTags, Metadata }) => ({
        orthancId: ID,
        seriesId: ParentSeries,
        fileUuid: FileUuid,
        sopInstanceUid: trimmed(MainDicomTags["SOPInstanceUID"]),
        sopClassUid: trimmed(Metadata["SopClassUid"]),
        transferSyntaxUid: trimmed(Metadata["TransferSyntax"] ?? (await this.statedTransferSyntax(ID))),
        instanceNumber: trimmed(MainDicomTags["InstanceNumber"]),
        numberOfFrames: trimmed(MainDicomTags["NumberOfFrames"]),
        receivedAt: instantOf(Metadata["ReceptionDate"]),
      })),
    );
  }

  /** From the file itself: Orthanc does not index syntaxes that it does not know (facts: HTJ2K before 1.12.11). */
  private async statedTransferSyntax(orthancId: OrthancId): Promise<string | undefined> {
    const answer = await this.http.get(`/instances/${orthancId}/header`);
    if (answer.status !== 200) return undefined;
    return DataSet.fromOrthancTags(JSON.parse(answer.body.toString("utf8"))).text(TAG.TransferSyntaxUID);
  }

  async dataSet(orthancId: OrthancId, whole: readonly Tag[] = []): Promise<DataSet> {
    const tags = whole.map((tag) => `${tag.slice(0, 4)}-${tag.slice(4)}`.toLowerCase()).join(",");
    const query = tags === "" ? "" : `?ignore-length=${tags}`;
    return DataSet.fromOrthancTags(await this.json<unknown>(`/instances/${orthancId}/tags${query}`));
  }

  async fileUuid(orthancId: OrthancId): Promise<string | null> {
    const answer = await this.http.get(`/instances/${orthancId}`);
    if (answer.status === 404) return null;
    return (JSON.parse(accepted(answer).body.toString("utf8")) as InstanceJson).FileUuid;
  }

  async readFile(
    orthancId: OrthancId,
    taking: { readonly allocate: (bytes: number) => Buffer<ArrayBuffer>; readonly largestBytes: number },
  ): Promise<Uint8Array<ArrayBuffer> | null> {
    const answer = await this.http.take(`/instances/${orthancId}/file`, taking);
    return answer === undefined ? null : accepted(answer).body;
  }

  async *listInstances(): AsyncIterable<{ orthancId: OrthancId; fileUuid: string }> {
    for (let since = 0; ; since += PAGE) {
      const page = await this.json<InstanceJson[]>(`/instances?expand&since=${since}&limit=${PAGE}`);
      for (const { ID, FileUuid } of page) yield { orthancId: ID, fileUuid: FileUuid };
      if (page.length < PAGE) return;
    }
  }

  async *findInstances({ studyInstanceUid, studiesSince, modality }: ArchiveFilter) {
    const query = {
      ...(studyInstanceUid === undefined ? {} : { StudyInstanceUID: studyInstanceUid }),
      ...(studiesSince === undefined ? {} : { StudyDate: `${studiesSince}-` }),
      ...(modality === undefined ? {} : { Modality: modality }),
    };
    // By series: pages of instances would shift while others arrive.
    const found = await this.http.send(
      "POST",
      "/tools/find",
      json({ Level: "Series", Query: query }),
      JSON_BODY,
    );
    for (const seriesId of JSON.parse(accepted(found).body.toString("utf8")) as OrthancId[]) {
      const answer = await this.http.get(`/series/${seriesId}`);
      if (answer.status === 404) continue; // deleted meanwhile
      yield (JSON.parse(accepted(answer).body.toString("utf8")) as { Instances: OrthancId[] }).Instances;
    }
  }

  async changesSince(
    sequence: number,
    limit: number,
  ): Promise<{ changes: ArchiveChange[]; last: number; done: boolean }> {
    const page = await this.json<{
      Changes: { Seq: number; ChangeType: string; ID: string }[];
      Done: boolean;
      Last: number;
    }>(`/changes?since=${sequence}&limit=${limit}`);
    return {
      changes: page.Changes.map(({ Seq, ChangeType, ID }) => ({
        sequence: Seq,
        type: ChangeType,
        resourceId: ID,
      })),
      last: page.Last,
      done: page.Done,
    };
  }

  async lastChange(): Promise<number> {
    return (await this.json<{ Last: number }>("/changes?last")).Last;
  }

  async readNativeFrame(orthancId: OrthancId, frameIndex: number): Promise<Uint8Array> {
    const answer = await this.http.get(`/instances/${orthancId}/frames/${frameIndex}/raw`);
    if (answer.status === 400) throw undecodable(frameIndex, answer);
    return accepted(answer).body;
  }

  async readFrame(orthancId: OrthancId, frameIndex: number, format: PixelFormat): Promise<DecodedFrame> {
    const answer = await this.http.get(`/instances/${orthancId}/frames/${frameIndex}/numpy?rescale=false`);
    if (answer.status === 400 || answer.status === 415 || cannotDecode(answer))
      throw undecodable(frameIndex, answer);
    return frameFromNpy(accepted(answer).body, format);
  }

  async storeInstance(file: Uint8Array): Promise<OrthancId> {
    const answer = accepted(
      await this.http.send("POST", "/instances", file, { "content-type": "application/dicom" }),
    );
    return (JSON.parse(answer.body.toString("utf8")) as { ID: OrthancId }).ID;
  }

  async deleteInstance(orthancId: OrthancId): Promise<void> {
    const answer = await this.http.send("DELETE", `/instances/${orthancId}`);
    if (answer.status !== 404) accepted(answer);
  }

  async instancesOfSeries(seriesInstanceUid: string): Promise<OrthancId[]> {
    const query = { Level: "Instance", Query: { SeriesInstanceUID: seriesInstanceUid } };
    const answer = accepted(await this.http.send("POST", "/tools/find", json(query), JSON_BODY));
    return JSON.parse(answer.body.toString("utf8")) as OrthancId[];
  }

  async attachRendition(orthancId: OrthancId, pieces: readonly Uint8Array[]): Promise<string> {
    const path = `/instances/${orthancId}/attachments/${ATTACHMENT}`;
    const { etag } = accepted(await this.http.putPieces(path, pieces));
    // "revision-MD5" of what Orthanc wrote; asked for where an older Orthanc does not say it.
    return (
      /^"?\d+-([0-9a-f]{32})"?$/.exec(etag ?? "")?.[1] ??
      trimmed(accepted(await this.http.get(`${path}/md5`)).body.toString("latin1"))
    );
  }

  async deleteRendition(orthancId: OrthancId): Promise<void> {
    const answer = await this.http.send("DELETE", `/instances/${orthancId}/attachments/${ATTACHMENT}`);
    if (answer.status !== 404) accepted(answer);
  }

  async readRendition(orthancId: OrthancId): Promise<Uint8Array | null> {
    const answer = await this.http.get(`/instances/${orthancId}/attachments/${ATTACHMENT}/data`);
    return answer.status === 404 ? null : accepted(answer).body;
  }

  async version(): Promise<string> {
    return (await this.json<{ Version: string }>("/system")).Version;
  }

  private async json<T>(path: string): Promise<T> {
    return JSON.parse(accepted(await this.http.get(path)).body.toString("utf8")) as T;
  }
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value), "utf8");
}

/** UI values are padded with NUL (PS3.5 9.1). */
function trimmed(text: string | undefined): string {
  // eslint-disable-next-line no-control-regex -- see above
  return (text ?? "").replace(/[\u0000 ]+$/, "").trim();
}

/** Orthanc writes instants as `20260131T235959`, in UTC. */
function instantOf(text: string | undefined): Date | null {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)/.exec(text ?? "");
  if (parts === null) return null;
  const [year = 0, month = 0, ...rest] = parts.slice(1).map(Number);
  const [day = 0, hour = 0, minute = 0, second = 0] = rest;
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second));
}

/** Orthanc's own error codes (OrthancStatus) that say something of the image, not of the moment. */
const NOT_IMPLEMENTED = 2;
const BAD_FILE_FORMAT = 15;

function cannotDecode({ status, body }: OrthancAnswer): boolean {
  if (status !== 500) return false;
  const code = /"OrthancStatus" *: *(\d+)/.exec(body.toString("latin1"))?.[1];
  return Number(code) === NOT_IMPLEMENTED || Number(code) === BAD_FILE_FORMAT;
}

function undecodable(frameIndex: number, { status }: OrthancAnswer): ArchiveError {
  return new ArchiveError(
    "frame-undecodable",
    false,
    `Orthanc cannot read frame ${frameIndex + 1} of it (HTTP ${status})`,
  );
}

/**
 * The answer, when Orthanc granted the request.
 * @throws ArchiveError
 */
export function accepted(answer: OrthancAnswer): OrthancAnswer {
  if (answer.status >= 200 && answer.status < 300) return answer;
  if (answer.status === 404)
    throw new ArchiveError("instance-not-found", false, "Orthanc does not hold it (any more)");
  if (answer.status === 503 || answer.status === 507 || answer.status === 401) {
    const why =
      answer.status === 401 ? "refuses this program's password" : `is busy or full (HTTP ${answer.status})`;
    throw new ArchiveError("archive-busy", true, `Orthanc ${why}`);
  }
  // A full disk shows as 500 in Orthanc: that passes, so it is worth trying again
  throw new ArchiveError("archive-refused", answer.status >= 500, `Orthanc answered HTTP ${answer.status}`);
}
