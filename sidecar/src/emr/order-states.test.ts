import fc from "fast-check";
import { expect, test } from "vitest";
import { readFileSync } from "node:fs";
import { ROLE_PERMISSIONS, type Permission } from "../authorization/permissions.js";
import {
  FIRST_ORDER_STATUSES,
  ORDER_STEPS,
  orderingPermission,
  refusalOfOrderChange,
} from "./order-states.js";
import { ORDER_STATUSES, type OrderContent, type OrderStatus } from "./records.js";

const order = (status: OrderStatus): OrderContent => ({
  kind: "laboratory",
  patientId: "p",
  encounterId: null,
  status,
  priority: "routine",
  reasons: [],
  note: null,
  codes: [],
  specimen: null,
});
const status = fc.constantFrom(...ORDER_STATUSES);
const may = (...permissions: Permission[]) => new Set(permissions);
const change = (from: OrderStatus, to: OrderStatus, permissions: ReadonlySet<Permission>) =>
  refusalOfOrderChange(order(from), order(to), new Set(from === to ? [] : ["status"]), permissions);

test("no way leads out of entered-in-error, and every other status has one into it", () => {
  expect(ORDER_STEPS["entered-in-error"]).toEqual({});
  for (const from of ORDER_STATUSES.filter((each) => each !== "entered-in-error"))
    expect(ORDER_STEPS[from]["entered-in-error"], from).toBe("orderer");
});

test("an order that ended is never open again, by whatever steps", () => {
  const open = new Set<OrderStatus>(["draft", "active", "on-hold"]);
  fc.assert(
    fc.property(fc.constantFrom(...FIRST_ORDER_STATUSES), fc.array(status), (first, wishes) => {
      let [now, ended]: [OrderStatus, boolean] = [first, false];
      for (const wish of wishes) {
        if (ORDER_STEPS[now][wish] === undefined) continue;
        now = wish;
        ended ||= !open.has(now);
        expect(ended && open.has(now)).toBe(false);
      }
    }),
  );
});

test("who may neither order nor carry out changes nothing; who carries out takes only the performer's steps", () => {
  fc.assert(
    fc.property(status, status, (from, to) => {
      expect(change(from, to, may("emr-view", "prescribe"))).toBe("forbidden");
      if (from === to) return;
      const hand = ORDER_STEPS[from][to];
      const refusal = change(from, to, may("record-results"));
      expect(refusal).toBe(
        hand === undefined ? "order-step-unknown" : hand === "orderer" ? "forbidden" : null,
      );
      expect(change(from, to, may("order"))).toBe(hand === undefined ? "order-step-unknown" : null);
    }),
  );
});

test("medication is ordered by those who prescribe", () => {
  expect(orderingPermission("medication")).toBe("prescribe");
  expect(ROLE_PERMISSIONS.doctor).toContain("prescribe");
  expect(ROLE_PERMISSIONS.nurse).not.toContain("prescribe");
});

test("docs/emr.md holds this table", () => {
  const documented = readFileSync(new URL("../../../docs/emr.md", import.meta.url), "utf8").replace(
    / +/g,
    " ",
  );
  for (const [from, steps] of Object.entries(ORDER_STEPS)) {
    const cells = ORDER_STATUSES.map((to) => steps[to] ?? "–");
    expect(documented).toContain(`| \`${from}\` | ${cells.join(" | ")} |`);
  }
});
