import type { FhirResource, ImagingStudy } from "fhir/r4.js";
import { expect, test } from "vitest";
import type { FhirServer } from "./fhir-server.js";
import { Transaction } from "./transaction.js";
import { withdrawAnalysis, withdrawStudy } from "./withdraw.js";

const serverWith = (...resources: FhirResource[]): FhirServer => ({
  transaction: () => Promise.reject(new Error("nothing is written yet")),
  read: () => Promise.resolve(null),
  search: (type) => Promise.resolve(resources.filter(({ resourceType }) => resourceType === type)),
});
const study: ImagingStudy = {
  resourceType: "ImagingStudy",
  id: "1",
  status: "available",
  subject: { reference: "Patient/1" },
  endpoint: [{ reference: "Endpoint/1" }],
  numberOfSeries: 1,
  numberOfInstances: 2,
  series: [{ uid: "1.2.3", modality: { code: "CT" } }],
};
const written = (transaction: Transaction) =>
  (transaction.bundle().entry ?? []).map(({ resource }) => resource);

test("a study that is gone keeps no series, no image and no endpoint", async () => {
  const { endpoint, series, ...rest } = study;
  expect([endpoint, series]).not.toContain(undefined);
  const gone = { ...rest, status: "cancelled", numberOfSeries: 0, numberOfInstances: 0 };
  for (const found of [study, { ...study, status: "cancelled" as const }]) {
    const transaction = new Transaction();
    await withdrawStudy(transaction, serverWith(found), "a-study");
    expect(written(transaction)).toEqual([gone]);
  }
  expect(study.series).toHaveLength(1);
});

test("what is withdrawn already is not written again", async () => {
  const transaction = new Transaction();
  const { series, ...rest } = study;
  expect(series).toBeDefined();
  await withdrawStudy(transaction, serverWith({ ...rest, status: "cancelled" }), "a-study");
  const report: FhirResource = {
    resourceType: "DiagnosticReport",
    id: "2",
    status: "entered-in-error",
    code: { text: "a report" },
  };
  await withdrawAnalysis(transaction, serverWith(report), "7");
  expect(transaction.empty).toBe(true);
});
