import { expect, test } from "vitest";
import { NOBODY, accessOf, type Access } from "./access.js";
import type { AuditTrail } from "./audit-trail.js";
import { countedDenials } from "./counted-denials.js";

const source = { address: "10.0.0.1", userAgent: "" };
const access = (end: Partial<Pick<Access, "outcome" | "reason">>) =>
  accessOf({ who: NOBODY, source, action: "view", ...end });

test("denials are told by reason, at the beginning or the end of an access; what is granted or fails is not", async () => {
  const written: unknown[] = [];
  const trail: AuditTrail = {
    count: (...counted) => void written.push(counted),
    record: (recorded) => {
      written.push(recorded);
      return Promise.resolve({ end: (end) => Promise.resolve(void written.push(end)) });
    },
  };
  const told: string[] = [];
  const counted = countedDenials(trail, (reason) => told.push(reason));

  await counted.count(access({}), { frames: 3 });
  await counted.count(access({ outcome: "failure", reason: "archive-busy" }));
  await counted.count(access({ outcome: "denied", reason: "label-missing" }));
  const recorded = await counted.record(access({}));
  await recorded.end({ outcome: "denied", reason: null, target: "", breakGlassId: null });

  expect(told).toEqual(["label-missing", "unknown"]);
  expect(written).toHaveLength(5);
  expect(written[0]).toEqual([access({}), { frames: 3 }]);
});
