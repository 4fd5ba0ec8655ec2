/** The permissions of Orthanc's authorization plugin (its `permissions` vocabulary, without `all`). */
export const PLUGIN_PERMISSIONS = [
  "view",
  "download",
  "delete",
  "send",
  "modify",
  "anonymize",
  "upload",
  "q-r-remote-modalities",
  "settings",
  "api-view",
  "edit-labels",
  "admin-permissions",
  "audit-logs",
  "worklists",
  "share",
] as const;

/** What this program asks beside them. */
export const OWN_PERMISSIONS = [
  "annotate",
  "review",
  "run-model",
  "administer-work",
  "administer-archive",
  "break-glass",
  "emr-view",
  "emr-write",
  "order",
  "prescribe",
  "record-results",
  "resolve-identity",
] as const;

export const PERMISSIONS = [...PLUGIN_PERMISSIONS, ...OWN_PERMISSIONS] as const;
export type PluginPermission = (typeof PLUGIN_PERMISSIONS)[number];
export type Permission = (typeof PERMISSIONS)[number];

const READ = ["view", "download"] as const;
const CLINICIAN = [
  ...READ,
  "send",
  "upload",
  "worklists",
  "share",
  "annotate",
  "review",
  "run-model",
  "break-glass",
  "emr-view",
  "emr-write",
  "order",
  "prescribe",
  "record-results",
] as const;

/** The permission table. A role that is not in it may do nothing. docs/permissions.md is this table, printed. */
export const ROLE_PERMISSIONS = {
  admin: PERMISSIONS,
  doctor: CLINICIAN,
  radiologist: [...CLINICIAN, "anonymize", "q-r-remote-modalities", "edit-labels", "resolve-identity"],
  technologist: [
    ...READ,
    "send",
    "upload",
    "q-r-remote-modalities",
    "worklists",
    "run-model",
    "emr-view",
    "record-results",
    "resolve-identity",
  ],
  nurse: [...READ, "upload", "worklists", "emr-view", "emr-write", "record-results"],
  lab: ["view", "upload", "emr-view", "record-results"],
  patient: [...READ, "emr-view"],
  external: READ,
} as const satisfies Record<string, readonly Permission[]>;

export type UserRole = keyof typeof ROLE_PERMISSIONS;
export const USER_ROLES = Object.keys(ROLE_PERMISSIONS) as UserRole[];

const MEANING: Readonly<Record<Permission, string>> = {
  view: "see studies, their images and results; retrieve single instances",
  download: "retrieve whole studies and series as files",
  delete: "remove from the archive",
  send: "send to another system",
  modify: "change attributes of stored images",
  anonymize: "make anonymised copies",
  upload: "store instances",
  "q-r-remote-modalities": "query and retrieve from remote modalities",
  settings: "read and change Orthanc's settings",
  "api-view": "see Orthanc's own addresses of a resource",
  "edit-labels": "set the labels of a study",
  "admin-permissions": "administer accounts, API keys and clients",
  "audit-logs": "read the audit log; list and acknowledge break-glass access",
  worklists: "read and write worklists",
  share: "make share links to studies one may see",
  annotate: "mark key images",
  review: "accept, reject or correct AI results; see those that are held for review",
  "run-model": "have a model run",
  "administer-work": "see failed work and have it done again",
  "administer-archive": "use Orthanc's own interface",
  "break-glass": "ask for access to a study or patient out of one's reach, with a reason",
  "emr-view": "see patients, encounters, conditions, orders, observations and reports",
  "emr-write": "register and change patients, encounters and conditions",
  order: "order laboratory tests, imaging and procedures",
  prescribe: "order medication",
  "record-results": "write observations and reports; carry out orders",
  "resolve-identity": "decide whose a study is; merge two records of one patient, and undo it",
};

export function isUserRole(role: string): role is UserRole {
  return Object.hasOwn(ROLE_PERMISSIONS, role);
}

export function isPermission(name: string): name is Permission {
  return (PERMISSIONS as readonly string[]).includes(name);
}

export function permissionsOf(role: UserRole): readonly Permission[] {
  return ROLE_PERMISSIONS[role];
}

/** The documentation table of roles and permissions, in Markdown. */
export function permissionsTable(): string {
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    row(["permission", "allows to", ...USER_ROLES]),
    row(["---", "---", ...USER_ROLES.map(() => "---")]),
    ...PERMISSIONS.map((permission) =>
      row([
        `\`${permission}\``,
        MEANING[permission],
        ...USER_ROLES.map((role) => (permissionsOf(role).includes(permission) ? "yes" : "–")),
      ]),
    ),
  ].join("\n");
}
