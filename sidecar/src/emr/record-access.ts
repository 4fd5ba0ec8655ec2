import { isUnrestricted, type Principal } from "../authorization/principal.js";
import type { Permission } from "../authorization/permissions.js";
import { ApiError } from "../error-response.js";
import { orderingPermission } from "./order-states.js";
import type { Actor, ContentOf, RecordKind } from "./records.js";

/** What it takes to write a record of this kind; an order has rules of its own (order-states.ts). */
const WRITING: Readonly<Record<Exclude<RecordKind, "order">, Permission>> = {
  patient: "emr-write",
  encounter: "emr-write",
  condition: "emr-write",
  observation: "record-results",
  report: "record-results",
};

/** @throws ApiError 403 `forbidden` */
export function demandCreation(principal: Principal, kind: RecordKind, body: unknown): void {
  const asked = (body as { kind?: unknown } | null)?.kind;
  const permission =
    kind === "order"
      ? orderingPermission(asked === "medication" ? "medication" : "radiology")
      : WRITING[kind];
  demandPermission(principal, permission);
  // A new patient has no study yet that could be within somebody's reach.
  if (kind === "patient" && !isUnrestricted(principal))
    throw new ApiError(403, "forbidden", "Patients are registered by those who reach every study.");
}

/** @throws ApiError 403 `forbidden` */
export function demandChange(principal: Principal, kind: Exclude<RecordKind, "order">): void {
  demandPermission(principal, WRITING[kind]);
}

export function demandPermission(principal: Principal, permission: Permission): void {
  if (!principal.permissions.has(permission))
    throw new ApiError(
      403,
      "forbidden",
      `This needs the permission ${permission}.`,
      {},
      {
        reason: "permission-missing",
      },
    );
}

export function actorOf({ subject, displayName }: Principal): Actor {
  return { subject, display: displayName };
}

/** Statuses that a record does not leave again. */
export function isWithdrawn<Kind extends RecordKind>(kind: Kind, content: ContentOf[Kind]): boolean {
  const { status, verificationStatus } = content as { status?: string; verificationStatus?: string };
  return (kind === "condition" ? verificationStatus : status) === "entered-in-error";
}
