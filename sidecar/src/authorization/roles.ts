/** What may be asked for. */
export const PERMISSIONS = [
  "studies:read",
  "studies:write",
  "archive:administer",
  "work:administer",
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** The permission table. A role that is not in it may do nothing. */
export const ROLE_PERMISSIONS = {
  admin: ["studies:read", "studies:write", "archive:administer", "work:administer"],
  doctor: ["studies:read", "studies:write"],
} as const satisfies Record<string, readonly Permission[]>;

export type AccountRole = keyof typeof ROLE_PERMISSIONS;
export const ACCOUNT_ROLES = Object.keys(ROLE_PERMISSIONS) as AccountRole[];

export function isAccountRole(role: string): role is AccountRole {
  return Object.hasOwn(ROLE_PERMISSIONS, role);
}

export function roleMay(role: AccountRole, permission: Permission): boolean {
  return (ROLE_PERMISSIONS[role] as readonly Permission[]).includes(permission);
}
