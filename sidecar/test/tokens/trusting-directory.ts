import { permissionsOf } from "../../src/authorization/permissions.js";

/** Knows everybody, as an administrator: what a token says decides alone whether it is taken. */
export const trustingDirectory = {
  grantsOf: () => Promise.resolve([]),
  identity: ({ subject }: { subject: string }) =>
    Promise.resolve({
      subject,
      kind: "account" as const,
      displayName: "",
      role: "admin" as const,
      permissions: permissionsOf("admin"),
      labels: ["*"],
      patient: null,
      studyInstanceUids: null,
      grants: [],
    }),
};
