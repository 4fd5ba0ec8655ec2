import type { IncomingMessage } from "node:http";
import { accessOf, NOBODY, whoOf, type Access } from "../audit/access.js";
import type { AuditTrail } from "../audit/audit-trail.js";
import type { Source } from "../audit/source.js";
import type { Principal } from "../authorization/principal.js";
import { isOrthancId, type OrthancId } from "../dicom/uid.js";

export const ARCHIVE_LEVELS = ["patients", "studies", "series", "instances"] as const;
export type ArchiveLevel = (typeof ARCHIVE_LEVELS)[number];

/** Which studies stand behind a resource of Orthanc. */
export interface ArchiveResources {
  /** Empty when nothing is known of it. */
  studiesOf(level: ArchiveLevel, id: OrthancId): Promise<readonly string[]>;
}

export interface ArchiveAccessDependencies {
  readonly trail: AuditTrail;
  readonly resources: ArchiveResources;
}

const RESOURCE = /^\/orthanc\/(patients|studies|series|instances)\/([0-9a-f-]{44})(?:\/|$)/;
/** The rest of a path that may go into a row: words and identifiers, as Orthanc's own addresses are made of. */
const PLAIN = /^[\w./-]{1,200}$/;

/**
 * Records an administrator's request to Orthanc itself: reads by the study they are of, everything else by method and
 * path.
 */
export async function recordArchiveAccess(
  principal: Principal | undefined,
  source: Source,
  { method = "", url = "" }: IncomingMessage,
  end: Partial<Pick<Access, "outcome" | "reason">>,
  { trail, resources }: ArchiveAccessDependencies,
): Promise<void> {
  const path = url.split("?")[0] ?? "";
  const [, level, id = ""] = RESOURCE.exec(path) ?? [];
  // Whoever is refused is not worth a look-up.
  const studyInstanceUids =
    level !== undefined && isOrthancId(id) && end.outcome === undefined
      ? await resources.studiesOf(level as ArchiveLevel, id)
      : [];
  const reads = method === "GET" || method === "HEAD";
  const rest = path.slice("/orthanc".length);
  const shown = PLAIN.test(rest) ? rest : "/…";
  const unresolved = level === undefined ? "" : studyInstanceUids.length === 0 ? `${level}/${id}` : level;
  const target = reads ? unresolved : `${method} ${shown}`;
  await trail.count(
    accessOf({
      who: principal === undefined ? NOBODY : whoOf(principal),
      source,
      action: reads ? "archive-read" : "archive-change",
      target,
      studyInstanceUids,
      ...end,
    }),
  );
}
