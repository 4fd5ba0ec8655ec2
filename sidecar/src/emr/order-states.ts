import type { Permission } from "../authorization/permissions.js";
import type { OrderContent, OrderKind, OrderStatus } from "./records.js";

/** Who may take a step: those who may order such a thing, or also those who carry it out. */
type Hand = "orderer" | "performer";

/**
 * The life of an order (FHIR R4 request-status). What is not here cannot happen: an order that ended is never taken up
 * again, and one entered in error stays so.
 */
export const ORDER_STEPS: Readonly<Record<OrderStatus, Readonly<Partial<Record<OrderStatus, Hand>>>>> = {
  draft: { active: "orderer", revoked: "orderer", "entered-in-error": "orderer" },
  active: {
    "on-hold": "performer",
    completed: "performer",
    revoked: "orderer",
    "entered-in-error": "orderer",
  },
  "on-hold": {
    active: "performer",
    revoked: "orderer",
    "entered-in-error": "orderer",
  },
  completed: { "entered-in-error": "orderer" },
  revoked: { "entered-in-error": "orderer" },
  "entered-in-error": {},
};

/** What an order may begin as. */
export const FIRST_ORDER_STATUSES: readonly OrderStatus[] = ["draft", "active"];

/** What those who carry an order out may change of it beside its status. */
export const PERFORMERS_MEMBERS: ReadonlySet<string> = new Set([
  "status",
  "note",
  "scheduledStart",
  "stationAeTitle",
  "performedAt",
  "outcome",
]);

/** The permission to order such a thing. */
export function orderingPermission(kind: OrderKind): Permission {
  return kind === "medication" ? "prescribe" : "order";
}

export type OrderRefusal = "order-step-unknown" | "order-closed" | "forbidden";

/**
 * Why somebody may not make this of an order; null when they may.
 * @param changed the members that become different
 */
export function refusalOfOrderChange(
  before: OrderContent,
  after: OrderContent,
  changed: ReadonlySet<string>,
  permissions: ReadonlySet<Permission>,
): OrderRefusal | null {
  const mayOrder = permissions.has(orderingPermission(before.kind));
  const mayPerform = permissions.has("record-results");
  if (!mayOrder && !mayPerform) return "forbidden";
  if (before.status !== after.status) {
    const hand = ORDER_STEPS[before.status][after.status];
    if (hand === undefined) return "order-step-unknown";
    if (hand === "orderer" && !mayOrder) return "forbidden";
  }
  const others = [...changed].filter((member) => member !== "status");
  const open = Object.keys(ORDER_STEPS[before.status]).length > 1;
  if (!open && others.length > 0) return "order-closed";
  if (!mayOrder && others.some((member) => !PERFORMERS_MEMBERS.has(member))) return "forbidden";
  return null;
}
