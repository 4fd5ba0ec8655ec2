import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { PERMISSIONS, USER_ROLES, isUserRole, permissionsOf, permissionsTable } from "./permissions.js";

test("docs/permissions.md is the permission table", () => {
  const documented = readFileSync(new URL("../../../docs/permissions.md", import.meta.url), "utf8");
  expect(documented).toContain(permissionsTable());
});

test("an administrator has every permission, nobody else administers", () => {
  expect(permissionsOf("admin")).toEqual(PERMISSIONS);
  for (const role of USER_ROLES.filter((name) => name !== "admin")) {
    for (const permission of [
      "admin-permissions",
      "administer-work",
      "administer-archive",
      "delete",
    ] as const)
      expect(permissionsOf(role), role).not.toContain(permission);
  }
});

test("a patient and an external user only look", () => {
  expect(permissionsOf("patient")).toEqual(["view", "download", "emr-view"]);
  expect(permissionsOf("external")).toEqual(["view", "download"]);
});

test("a property that every object has is not a role", () => {
  for (const name of ["constructor", "toString", "__proto__", ""]) expect(isUserRole(name)).toBe(false);
});
