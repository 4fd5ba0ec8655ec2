import { expect, test } from "vitest";
import { DataSet } from "../dicom/data-set.js";
import type { OrthancId } from "../dicom/uid.js";
import { analyseSeries, type AnalysisInput } from "./analyse-series.js";

function input(images: Record<string, string>[]): AnalysisInput {
  return {
    model: {} as AnalysisInput["model"],
    engine: {} as AnalysisInput["engine"],
    series: { studyInstanceUid: "1.2.1", seriesInstanceUid: "1.2.2" },
    instances: images.map((tags, index) => ({
      orthancId: String(index) as OrthancId,
      sopInstanceUid: `1.2.3.${index}`,
      dataSet: DataSet.fromOrthancTags(
        Object.fromEntries(Object.entries(tags).map(([tag, Value]) => [tag, { Type: "String", Value }])),
      ),
    })),
    readFrame: () => Promise.reject(new Error("no pixel may be read")),
    createdAt: new Date(0),
  };
}

const image = { "0010,0020": "P1", "0020,000d": "1.2.1", "0020,000e": "1.2.2" };

test.each([
  ["of two patients", { ...image, "0010,0020": "P2" }],
  ["of two studies", { ...image, "0020,000d": "1.2.9" }],
  ["of two series", { ...image, "0020,000e": "1.2.9" }],
])("images %s are refused before a pixel is read", async (_, stranger) => {
  await expect(analyseSeries(input([image, stranger]))).rejects.toMatchObject({
    code: "identity-mixed",
    retryable: false,
  });
});

test("a series without images is refused", async () => {
  await expect(analyseSeries(input([]))).rejects.toMatchObject({ code: "instances-missing" });
});
