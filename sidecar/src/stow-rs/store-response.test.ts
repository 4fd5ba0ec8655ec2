import { describe, expect, test } from "vitest";
import { FAILURE, statusOf, storeResponse, toXml, type InstanceResult } from "./store-response.js";

const stored: InstanceResult = {
  stored: true,
  sopClassUid: "1.2",
  sopInstanceUid: "1.2.3",
  retrieveUrl: "http://a/?b&<c>",
};
const failed = (reason: (typeof FAILURE)[keyof typeof FAILURE], status?: 413 | 503): InstanceResult => ({
  stored: false,
  reason,
  ...(status === undefined ? {} : { status }),
});

describe("the answer to a Store Instances request", () => {
  test.each<[number, InstanceResult[]]>([
    [200, [stored, stored]],
    [202, [stored, failed(FAILURE.notAuthorized)]],
    [202, [stored, failed(FAILURE.outOfResources, 503)]],
    [403, [failed(FAILURE.notAuthorized), failed(FAILURE.notAuthorized)]],
    [409, [failed(FAILURE.notAuthorized), failed(FAILURE.notUnderstood)]],
    [409, [failed(FAILURE.doesNotMatch)]],
    [503, [failed(FAILURE.notAuthorized), failed(FAILURE.outOfResources, 503)]],
    [413, [failed(FAILURE.outOfResources, 413)]],
  ])("has status %d", (status, results) => {
    expect(statusOf(results)).toBe(status);
  });

  test("names what was stored and what was not, and no UID that is none", () => {
    const bad: InstanceResult = {
      stored: false,
      reason: FAILURE.notUnderstood,
      sopClassUid: "<x>",
      sopInstanceUid: "1.9",
    };
    expect(storeResponse([stored, bad], "")).toEqual({
      "00081190": { vr: "UR" },
      "00081198": {
        vr: "SQ",
        Value: [{ "00081155": { vr: "UI", Value: ["1.9"] }, "00081197": { vr: "US", Value: [0xc000] } }],
      },
      "00081199": {
        vr: "SQ",
        Value: [
          {
            "00081150": { vr: "UI", Value: ["1.2"] },
            "00081155": { vr: "UI", Value: ["1.2.3"] },
            "00081190": { vr: "UR", Value: ["http://a/?b&<c>"] },
          },
        ],
      },
    });
    expect(toXml(storeResponse([stored], "http://a/"))).toContain(
      '<Value number="1">http://a/?b&amp;&lt;c&gt;</Value>',
    );
  });
});
