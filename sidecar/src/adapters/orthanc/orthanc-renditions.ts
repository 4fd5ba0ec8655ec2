import { createHash } from "node:crypto";
import { ArchiveError } from "../../archive/archive.js";
import type { OrthancId } from "../../dicom/uid.js";
import type { StoredRenditions } from "../../dicomweb/stored-renditions.js";
import type { OrthancHttp } from "./http.js";
import type { OrthancAnswer } from "./whole-answer.js";

/** Orthanc says "revision-MD5" of an attachment, where it keeps MD5s (StoreMD5ForAttachments). */
const TAG = /^"?\d+-([0-9a-f]{32})"?$/;
const MD5 = /^[0-9a-f]{32}$/;

/** The attachments `htj2k` of Orthanc. Their MD5 is taken for what it is: a name of content that we wrote ourselves. */
export class OrthancRenditions implements StoredRenditions {
  constructor(private readonly http: OrthancHttp) {}

  async read(orthancId: OrthancId): Promise<{ bytes: Uint8Array; digest: string } | null> {
    const answer = await this.get(orthancId, "data");
    if (answer === null) return null;
    const { etag = "", body } = answer;
    return { bytes: body, digest: TAG.exec(etag)?.[1] ?? createHash("md5").update(body).digest("hex") };
  }

  async digest(orthancId: OrthancId): Promise<string | null> {
    const answer = await this.get(orthancId, "md5");
    if (answer === null) return null;
    const md5 = answer.body.toString("latin1").trim();
    if (!MD5.test(md5))
      throw new ArchiveError("archive-refused", false, "Orthanc keeps no MD5 of attachments");
    return md5;
  }

  private async get(orthancId: OrthancId, what: "data" | "md5"): Promise<OrthancAnswer | null> {
    const answer = await this.http.get(`/instances/${orthancId}/attachments/htj2k/${what}`);
    if (answer.status === 404) return null;
    if (answer.status !== 200)
      throw new ArchiveError(
        "archive-refused",
        answer.status >= 500 || answer.status === 401,
        `Orthanc answered HTTP ${answer.status} to a rendition`,
      );
    return answer;
  }
}
