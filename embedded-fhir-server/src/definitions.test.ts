import { getAllDataTypes, globalSchema } from "@medplum/core";
import { expect, test } from "vitest";
import { packDefinitions, readDefinitions, takeDefinitions } from "./definitions.js";

test("packed definitions are taken as those that were read", () => {
  const [dataTypes, searchTypes] = [getAllDataTypes(), globalSchema.types];
  readDefinitions();
  const packed = packDefinitions();
  const [readTypes, readSearchTypes] = [{ ...dataTypes }, { ...searchTypes }];
  expect(readTypes["ImagingStudySeriesInstance"]?.elements["sopClass"]?.min).toBe(1);
  expect(readSearchTypes["ImagingStudy"]?.searchParams?.["identifier"]?.type).toBe("token");
  for (const table of [dataTypes, searchTypes])
    for (const type of Object.keys(table)) Reflect.deleteProperty(table, type);

  takeDefinitions(packed);

  expect(Object.keys(dataTypes)).toEqual(Object.keys(readTypes));
  for (const type of [
    "Patient",
    "ImagingStudySeriesInstance",
    "Quantity",
    "MoneyQuantity",
    "ElementDefinition",
  ])
    expect(dataTypes[type], type).toEqual(readTypes[type]);
  expect(searchTypes).toEqual(readSearchTypes);
});
