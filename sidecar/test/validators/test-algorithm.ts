import { derivedUid } from "../../src/dicom/uid.js";
import type { Algorithm } from "../../src/segmentation/result-context.js";
import type { Segment } from "../../src/segmentation/segment.js";

/** An algorithm that the tests write results in the name of. */
export const TEST_ALGORITHM: Algorithm = {
  name: "test_model",
  version: "1.2.3",
  title: "Test model",
  source: "NeuroNova",
  notice: "Demonstration, not for clinical use",
  digest: "0123456789abcdef".repeat(4),
};

export function testSegment(number: number, label: string): Segment {
  return {
    number,
    label,
    description: `What the test draws as ${label}.`,
    category: { value: "49755003", scheme: "SCT", meaning: "Morphologically Abnormal Structure" },
    type: { value: "52988006", scheme: "SCT", meaning: "Lesion" },
    anatomicRegion: { value: "12738006", scheme: "SCT", meaning: "Brain" },
    colorRgb: [255, 94, 58],
    trackingId: `test ${label}`,
    trackingUid: derivedUid("test", "tracking", label),
  };
}
