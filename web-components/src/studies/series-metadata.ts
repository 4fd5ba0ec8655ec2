import type { DicomJson } from "../imaging/dicom-json.js";
import { fetchJson } from "../session/http.js";
import type { TokenProvider } from "../session/token-provider.js";
import type { Series, StudyDetails } from "./study.js";

/** The attributes of a series' instances, or why they are not there. */
export interface SeriesMetadata {
  readonly series: Series;
  readonly instances: readonly DicomJson[];
  readonly failure: unknown;
}

/** Reads what the instances of series say of themselves; those of a series are read again when it has others. */
export class SeriesMetadataReader {
  private readonly read = new Map<string, SeriesMetadata>();

  /** A series that cannot be had says why; the others are there. */
  load(
    { studyInstanceUid, series }: Pick<StudyDetails, "studyInstanceUid" | "series">,
    wanted: (series: Series) => boolean,
    token: TokenProvider,
  ): Promise<SeriesMetadata[]> {
    return Promise.all(
      series.filter(wanted).map(async (one) => {
        const key = `${studyInstanceUid} ${one.seriesInstanceUid} ${one.instanceCount}`;
        const path = `/dicom-web/studies/${studyInstanceUid}/series/${one.seriesInstanceUid}/metadata`;
        const known = this.read.get(key);
        if (known !== undefined) return known;
        try {
          const headers = { Accept: "application/dicom+json" };
          const instances = await fetchJson<DicomJson[]>(path, token, { headers });
          const answer = { series: one, instances, failure: undefined };
          this.read.set(key, answer);
          return answer;
        } catch (failure) {
          return { series: one, instances: [], failure };
        }
      }),
    );
  }
}
