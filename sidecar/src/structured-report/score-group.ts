import { DCM, type CodedConcept } from "../segmentation/coded-concept.js";
import type { DicomObject } from "../segmentation/part10-file.js";
import type { Algorithm, WrittenInstance } from "../segmentation/result-context.js";
import { SEGMENTATION_STORAGE } from "../segmentation/segment.js";
import type { Uid } from "../dicom/uid.js";
import { algorithmIdentification, rounded } from "./algorithm-identification.js";
import { code, container, image, numeric, text, uidReference } from "./content-item.js";
import type { RiskScore } from "./risk-score.js";

interface Context {
  readonly algorithm: Algorithm;
  readonly trackingUid: Uid;
  /** The FRACTIONAL SEG of where the model looked; its Segment 1. */
  readonly attention: WrittenInstance | undefined;
}

/**
 * A score of the images as a whole: TID 1501 (Measurement Group). Its unit says the range that values can have, as
 * PS3.16 writes it ({0:1}, UCUM, "range: 0:1"): not the Normal Range of TID 312, which would call every value normal.
 * The comment says what the range means; the band is a qualitative evaluation under the score's own concept.
 * @throws RangeError for a value outside its range
 */
export function scoreGroup(score: RiskScore, { algorithm, trackingUid, attention }: Context): DicomObject {
  const [low, high] = score.range;
  if (!(score.value >= low && score.value <= high))
    throw new RangeError(`the score ${score.name} is not within its range`);
  const range = `${low}:${high}`;
  const unit: CodedConcept = { value: `{${range}}`, scheme: "UCUM", meaning: `range: ${range}` };
  const band = score.band === undefined ? "" : ` Here: ${score.band.label}.`;
  return container(
    "CONTAINS",
    DCM.measurementGroup,
    [
      text("HAS OBS CONTEXT", DCM.trackingIdentifier, score.title),
      uidReference("HAS OBS CONTEXT", DCM.trackingUniqueIdentifier, trackingUid),
      numeric("CONTAINS", score.code, rounded(score.value), unit, algorithmIdentification(algorithm)),
      ...(score.band === undefined ? [] : [code("CONTAINS", score.code, score.band.code)]),
      ...(attention === undefined
        ? []
        : [
            image(
              "CONTAINS",
              DCM.visualExplanation,
              { sopClassUid: SEGMENTATION_STORAGE, sopInstanceUid: attention.sopInstanceUid },
              { segmentNumber: 1 },
            ),
          ]),
      text(
        "CONTAINS",
        DCM.comment,
        `From ${low} to ${high}: ${score.meaning}.${band} ${algorithm.notice}`.replace("..", "."),
      ),
    ],
    "1501",
  );
}
