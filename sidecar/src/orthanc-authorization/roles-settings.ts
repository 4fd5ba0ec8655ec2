import { z } from "zod";
import { PLUGIN_PERMISSIONS, USER_ROLES, permissionsOf } from "../authorization/permissions.js";
import { ApiError } from "../error-response.js";

export interface RolesSettings {
  readonly roles: Readonly<
    Record<
      string,
      { readonly "authorized-labels": readonly string[]; readonly permissions: readonly string[] }
    >
  >;
  readonly "available-labels": readonly string[];
}

const roleSchema = z.object({
  "authorized-labels": z.array(z.string()),
  permissions: z.array(z.string()),
});
export const rolesSchema = z.object({
  roles: z.record(z.string(), roleSchema),
  "available-labels": z.array(z.string()).default([]),
});

/** The permission table in the plugin's words. Labels are given to accounts, not to roles. */
export function rolesSettings(labels: readonly string[]): RolesSettings {
  const entries = USER_ROLES.map((role) => {
    const permissions = permissionsOf(role) as readonly string[];
    const told = PLUGIN_PERMISSIONS.filter((permission) => permissions.includes(permission));
    return [role, { "authorized-labels": ["*"], permissions: role === "admin" ? ["all"] : told }];
  });
  return {
    roles: Object.fromEntries(entries) as RolesSettings["roles"],
    "available-labels": labels,
  };
}

/**
 * The table is code, reviewed and documented; what an administrator sends is accepted when it says the same.
 * @throws ApiError 409 `roles-are-code`
 */
export function insistOnSameRoles({ roles }: z.output<typeof rolesSchema>): void {
  const known = rolesSettings([]).roles;
  const same =
    Object.keys(roles).length === Object.keys(known).length &&
    Object.entries(roles).every(([role, { permissions }]) => {
      const expected = Object.hasOwn(known, role) ? known[role]?.permissions : undefined;
      return expected !== undefined && [...permissions].sort().join() === [...expected].sort().join();
    });
  if (!same)
    throw new ApiError(
      409,
      "roles-are-code",
      "Roles and their permissions are part of the program (docs/permissions.md); labels are set on accounts.",
    );
}
