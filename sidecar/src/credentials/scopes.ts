import { PERMISSIONS, type Permission } from "../authorization/permissions.js";

/** OAuth scopes and what they allow: our own permissions by name, and SMART's for imaging studies. */
export const SCOPES: ReadonlyMap<string, readonly Permission[]> = new Map<string, readonly Permission[]>([
  ...PERMISSIONS.map((permission): [string, readonly Permission[]] => [
    `neuronova/${permission}`,
    [permission],
  ]),
  ["system/ImagingStudy.read", ["view", "download"]],
  ["system/ImagingStudy.rs", ["view", "download"]],
  ["system/ImagingStudy.write", ["upload"]],
  ["system/ImagingStudy.cud", ["upload"]],
]);

/** Scopes asked for that a client may have in full, and the permissions they come to. Asking for none asks for all. */
export function grantScopes(
  asked: string,
  allowed: readonly Permission[],
): { scopes: string[]; permissions: Permission[] } {
  const names =
    asked.trim() === ""
      ? allowed.map((permission) => `neuronova/${permission}`)
      : [...new Set(asked.trim().split(/ +/))];
  const scopes = names.filter((name) => {
    const permissions = SCOPES.get(name);
    return permissions?.every((permission) => allowed.includes(permission)) ?? false;
  });
  return { scopes, permissions: [...new Set(scopes.flatMap((name) => SCOPES.get(name) ?? []))] };
}
