import { describe, expect, test } from "vitest";
import { parseRoute } from "./route.js";

describe("DICOMweb routes", () => {
  test.each([
    ["GET", "/dicom-web/studies", "searchStudies"],
    ["GET", "/dicom-web/studies/1.2/series", "searchSeries"],
    ["GET", "/dicom-web/studies/1.2/series/1.3/instances", "searchInstances"],
    ["GET", "/dicom-web/studies/1.2", "retrieve"],
    ["GET", "/dicom-web/studies/1.2/metadata", "retrieveMetadata"],
    ["GET", "/dicom-web/studies/1.2/series/1.3/instances/1.4/rendered", "retrieveRendered"],
    ["GET", "/dicom-web/studies/1.2/series/1.3/instances/1.4/frames/1/rendered", "retrieveRendered"],
    ["GET", "/dicom-web/studies/1.2/series/1.3/instances/1.4/bulk/7fe00010", "retrieveBulkData"],
    ["POST", "/dicom-web/studies", "storeInstances"],
    ["POST", "/dicom-web/studies/1.2", "storeInstances"],
  ])("%s %s is %s", (method, path, transaction) => {
    expect(parseRoute(method, path)?.transaction).toBe(transaction);
  });

  test("frame numbers are read from 1, several at once", () => {
    expect(parseRoute("GET", "/dicom-web/studies/1.2/series/1.3/instances/1.4/frames/1,3,2")).toEqual({
      transaction: "retrieveFrames",
      studyInstanceUid: "1.2",
      seriesInstanceUid: "1.3",
      sopInstanceUid: "1.4",
      frameNumbers: [1, 3, 2],
    });
  });

  test.each([
    ["GET", "/dicom-web/../system"],
    ["GET", "/dicom-web/..%5csystem"],
    ["GET", "/dicom-web/studies/%2e%2e"],
    ["GET", "/dicom-web/studies/1.2/../../system"],
    ["GET", "/dicom-web/studies/1.2\\series"],
    ["GET", "/dicom-web/studies//series"],
    ["GET", "/dicom-web/studies/1.2/"],
    ["GET", "/dicom-web/studies/1.2/series/1.3/instances/1.4/frames/0"],
    ["GET", "/dicom-web/studies/1.2/series/1.3/instances/1.4/frames/1,2/rendered"],
    ["GET", "/dicom-web/studies/1.2/series/1.3/instances/1.4/bulk/../../x"],
    ["GET", "/dicom-web/servers"],
    ["PUT", "/dicom-web/servers/x"],
    ["DELETE", "/dicom-web/studies/1.2"],
    ["POST", "/dicom-web/studies/1.2/series"],
    ["POST", "/dicom-web/servers/x/get"],
    ["GET", "/orthanc/system"],
  ])("%s %s is nothing", (method, path) => {
    expect(parseRoute(method, path)).toBeUndefined();
  });
});
