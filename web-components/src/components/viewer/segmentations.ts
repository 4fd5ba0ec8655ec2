import { segmentationObject, type SegmentationObject } from "../../segmentation/segmentation-object.js";
import type { TokenProvider } from "../../session/token-provider.js";
import { SeriesMetadataReader } from "../../studies/series-metadata.js";
import type { AnalysisResult, StudyDetails } from "../../studies/study.js";
import { drawableObject } from "./study-source.js";

/** A segmentation that may lie over the images: of a result of this hub, or of another system. */
export interface SegmentationChoice {
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  /** Whose it is; undefined of another system's. */
  readonly result: AnalysisResult | undefined;
  /** Of another system's: what it says of itself. */
  readonly foreign: SegmentationObject | undefined;
}

/** The segmentations of a study: those of results, and whatever else of them the archive holds. */
export class Segmentations {
  private foreign: readonly SegmentationObject[] = [];
  private readonly reader = new SeriesMetadataReader();
  private loads = 0;

  constructor(private readonly changed: () => void) {}

  /** Those over a series: of results about it, and all of other systems, which may or may not fit. */
  over({ results }: StudyDetails, seriesInstanceUid: string | undefined): SegmentationChoice[] {
    return [
      ...results.flatMap((result) => {
        const object = drawableObject(result);
        if (result.sourceSeriesInstanceUid !== seriesInstanceUid || object === undefined) return [];
        return [{ ...object, result, foreign: undefined }];
      }),
      ...this.foreign.map((foreign) => {
        const { seriesInstanceUid: series, sopInstanceUid } = foreign;
        return { seriesInstanceUid: series, sopInstanceUid, result: undefined, foreign };
      }),
    ];
  }

  /** Looks which ones of other systems there are now. */
  async refresh(details: StudyDetails, token: TokenProvider): Promise<void> {
    const load = ++this.loads;
    const own = new Set(
      details.results.flatMap(({ segmentation, attention }) =>
        [segmentation, attention].map((object) => object?.seriesInstanceUid),
      ),
    );
    const found = await this.reader.load(
      details,
      ({ modality, seriesInstanceUid }) => modality === "SEG" && !own.has(seriesInstanceUid),
      token,
    );
    if (load !== this.loads) return;
    this.foreign = found.flatMap(({ instances }) =>
      instances.flatMap((attributes) => segmentationObject(attributes) ?? []),
    );
    this.changed();
  }

  clear(): void {
    this.loads += 1;
    this.foreign = [];
  }
}
