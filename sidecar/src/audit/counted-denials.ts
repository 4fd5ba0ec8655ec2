import type { Access } from "./access.js";
import type { AuditTrail, Use } from "./audit-trail.js";

/** A trail that tells of each denial by its reason, one of our codes, and of nobody. */
export function countedDenials(trail: AuditTrail, onDenied: (reason: string) => void): AuditTrail {
  const told = ({ outcome, reason }: Pick<Access, "outcome" | "reason">) => {
    if (outcome === "denied") onDenied(reason ?? "unknown");
  };
  return {
    count(access: Access, use?: Use) {
      told(access);
      return trail.count(access, use);
    },
    async record(access) {
      told(access);
      const recorded = await trail.record(access);
      return {
        end(end) {
          told(end);
          return recorded.end(end);
        },
      };
    },
  };
}
