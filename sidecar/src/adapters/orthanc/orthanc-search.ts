import { ArchiveError } from "../../archive/archive.js";
import type { ArchiveSearch, DicomJson } from "../../dicomweb/search-within-reach.js";
import { ApiError } from "../../error-response.js";
import type { OrthancHttp } from "./http.js";

/** QIDO-RS of Orthanc's DICOMweb plugin. */
export class OrthancSearch implements ArchiveSearch {
  constructor(private readonly http: OrthancHttp) {}

  async search(path: string, forwarded: string | undefined): Promise<readonly DicomJson[]> {
    const { status, body } = await this.http.get(`/dicom-web${path}`, {
      Accept: "application/dicom+json",
      ...(forwarded === undefined ? {} : { Forwarded: forwarded }),
    });
    // The study may have been deleted since its UID was looked up.
    if (status === 404 || status === 204) return [];
    if (status === 400)
      throw new ApiError(400, "request-malformed", "The archive does not take this search.");
    if (status !== 200)
      throw new ArchiveError("archive-refused", status >= 500, `Orthanc answered HTTP ${status} to a search`);
    return JSON.parse(body.toString("utf8")) as DicomJson[];
  }
}
