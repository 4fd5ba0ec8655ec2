import type { Permission } from "../authorization/permissions.js";
import { parseRoute } from "../dicomweb/route.js";
import { permissionFor } from "../dicomweb/authorize.js";

export type OrthancLevel = "patient" | "study" | "series" | "instance";

/** What a request to Orthanc needs. */
export interface OrthancAction {
  readonly permission: Permission;
  /** A resource by Orthanc's identifier, a study by its UID, or everything there is. */
  readonly on:
    | { readonly level: OrthancLevel; readonly orthancId: string }
    | { readonly studyInstanceUid: string }
    | "archive";
}

interface Rule {
  readonly methods: readonly string[];
  /** Below a resource, or as a whole path. */
  readonly path: RegExp;
  readonly permission: Permission;
}

const LEVELS: Readonly<Record<string, OrthancLevel>> = {
  patients: "patient",
  studies: "study",
  series: "series",
  instances: "instance",
};
const RESOURCE = /^\/(patients|studies|series|instances)\/([0-9a-f]{8}(?:-[0-9a-f]{8}){4})(\/.*)?$/;

/** Below `/{level}/{id}`; the first that fits counts. */
const ON_RESOURCE: readonly Rule[] = [
  { methods: ["PUT", "DELETE"], path: /^\/labels\/[^/]+$/, permission: "edit-labels" },
  { methods: ["GET", "POST"], path: /^\/(?:archive|media)$/, permission: "download" },
  { methods: ["GET"], path: /^(?:\/.*)?$/, permission: "view" },
  { methods: ["POST"], path: /^\/modify$/, permission: "modify" },
  { methods: ["POST"], path: /^\/anonymize$/, permission: "anonymize" },
  { methods: ["DELETE"], path: /^$/, permission: "delete" },
  { methods: ["PUT", "DELETE"], path: /^\/(?:metadata|attachments)\//, permission: "modify" },
];

/** Everything else that is not for administrators alone. */
const ON_ARCHIVE: readonly Rule[] = [
  { methods: ["GET"], path: /^\/(?:patients|studies|series|instances)$/, permission: "view" },
  { methods: ["POST"], path: /^\/tools\/(?:find|count-resources|lookup)$/, permission: "view" },
  { methods: ["GET", "POST"], path: /^\/tools\/create-(?:archive|media)$/, permission: "download" },
  { methods: ["POST"], path: /^\/instances$/, permission: "upload" },
  { methods: ["POST"], path: /^\/modalities\/[^/]+\/(?:store|store-straight)$/, permission: "send" },
  {
    methods: ["POST"],
    path: /^\/(?:peers\/[^/]+\/store|dicom-web\/servers\/[^/]+\/stow)$/,
    permission: "send",
  },
  {
    methods: ["GET", "POST", "DELETE"],
    path: /^\/(?:queries(?:\/.*)?|modalities\/[^/]+\/(?:query|find|move|get))$/,
    permission: "q-r-remote-modalities",
  },
];

/** Orthanc takes "\" for "/" and decodes twice: what could be read in two ways is refused. */
// eslint-disable-next-line no-control-regex -- control characters have no place in a path
const AMBIGUOUS = /\\|%|\/\/|(?:^|\/)\.{1,2}(?:\/|$)|[\u0000-\u001f\u007f;]/;

/**
 * What a request to Orthanc's REST API or DICOMweb needs. Nothing is open to everybody; what is not listed is for
 * administrators.
 * @param path decoded, without query, as Orthanc's filter tells it
 * @returns undefined when the path may be read in two ways
 */
export function orthancAction(method: string, path: string): OrthancAction | undefined {
  const plain = method === "HEAD" ? "GET" : method;
  if (AMBIGUOUS.test(path)) return undefined;
  const trimmed = path.length > 1 ? path.replace(/\/$/, "") : path;
  if (trimmed.startsWith("/dicom-web/")) {
    const route = parseRoute(plain, trimmed);
    if (route !== undefined) {
      const { studyInstanceUid } = route;
      const on = studyInstanceUid === undefined ? "archive" : { studyInstanceUid };
      return { permission: permissionFor(route), on };
    }
  }
  const [, collection = "", orthancId = "", below = ""] = RESOURCE.exec(trimmed) ?? [];
  const level = LEVELS[collection];
  if (level !== undefined) {
    const permission = matching(ON_RESOURCE, plain, below) ?? "administer-archive";
    return { permission, on: { level, orthancId } };
  }
  return { permission: matching(ON_ARCHIVE, plain, trimmed) ?? "administer-archive", on: "archive" };
}

function matching(rules: readonly Rule[], method: string, path: string): Permission | undefined {
  return rules.find((rule) => rule.methods.includes(method) && rule.path.test(path))?.permission;
}
