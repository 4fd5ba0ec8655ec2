import type { UserRole } from "./permissions.js";

/** What claims say at a path of names; undefined where they say nothing. */
export function claimAt(claims: unknown, path: readonly string[] | undefined): unknown {
  if (path === undefined) return undefined;
  return path.reduce<unknown>(
    (value, name) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, name)
        ? (value as Record<string, unknown>)[name]
        : undefined,
    claims,
  );
}

/** A claim that is one text or a list of them. */
export function textsIn(claim: unknown): string[] {
  if (typeof claim === "string") return [claim];
  return Array.isArray(claim) ? claim.filter((item) => typeof item === "string") : [];
}

/** The role here of somebody of whom this is said: the first entry of the table that fits; null without any. */
export function roleIn(table: Readonly<Record<string, UserRole>>, said: readonly string[]): UserRole | null {
  for (const [value, role] of Object.entries(table)) if (said.includes(value)) return role;
  return null;
}
