/** The sections of the administrators' page, in order, and the permission each asks for (docs/permissions.md). */
export const SECTIONS = [
  { name: "health", needs: "administer-work" },
  { name: "users", needs: "admin-permissions" },
  { name: "keys", needs: "admin-permissions" },
  { name: "clients", needs: "admin-permissions" },
  { name: "links", needs: "admin-permissions" },
  { name: "break-glass", needs: "audit-logs" },
  { name: "webhooks", needs: "admin-permissions" },
  { name: "hooks", needs: "admin-permissions" },
  { name: "models", needs: "administer-work" },
  { name: "queues", needs: "administer-work" },
  { name: "outbox", needs: "administer-work" },
  { name: "audit", needs: "audit-logs" },
] as const;
export type SectionName = (typeof SECTIONS)[number]["name"];

/** The section an address is of: `/admin` is the first the account may see; undefined for other pages. */
export function sectionOf(path: string): SectionName | "first" | undefined {
  const [, page, name, ...rest] = path.split("/");
  if (page !== "admin" || rest.length > 0) return undefined;
  if (name === undefined || name === "") return "first";
  return SECTIONS.find((section) => section.name === name)?.name;
}
