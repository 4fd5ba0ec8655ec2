import type { OrthancId } from "../dicom/uid.js";
import type { Logger } from "../log.js";
import type { State } from "../state/state.js";
import type { Renderer } from "../transcoding/renderer.js";
import type { RenditionStore, StoredRendition } from "./rendition-store.js";

/** Told to every process when a rendition must not be served from memory any more, with the Orthanc id behind it. */
export const VOID_TOPIC = "rendition-void.";

export interface VerificationDependencies {
  readonly renditions: Pick<RenditionStore, "verified">;
  readonly state: State;
  readonly renderer: Pick<Renderer, "verifyRendition">;
  /** Tells all processes. */
  readonly announce: (topics: ReadonlySet<string>) => void;
  readonly log: Logger;
  readonly count?: (outcome: "good" | "bad") => void;
}

/**
 * Re-reads one stored rendition. A bad one is not served from here on, and rendered again.
 * @returns why it is bad; undefined when it is good or gone
 * @throws ArchiveError, StateUnavailable: then nothing is known of it
 */
export async function verifyStored(
  stored: StoredRendition,
  { renditions, state, renderer, announce, log, count }: VerificationDependencies,
): Promise<string | undefined> {
  const { orthancId, fileUuid, renditionMd5 } = stored;
  const found = await renderer.verifyRendition({ orthancId, fileUuid, renditionMd5 });
  if (found.kind === "gone") return undefined;
  if (found.kind === "good") {
    count?.("good");
    await renditions.verified(orthancId, fileUuid);
    return undefined;
  }
  const marked = await voidRendition(stored, found.reason, { state, announce, log });
  if (!marked) return undefined;
  count?.("bad");
  return found.reason;
}

/**
 * What is attached is not the rendition that was made: no process serves it any more, and the refill has it rendered.
 * @returns false when another is there meanwhile
 */
export async function voidRendition(
  stored: StoredRendition,
  reason: string,
  { state, announce, log }: Pick<VerificationDependencies, "state" | "announce" | "log">,
): Promise<boolean> {
  const { orthancId, fileUuid, renditionMd5, studyInstanceUid, seriesInstanceUid, sopInstanceUid } = stored;
  const marked = await state.transaction(async (transaction) => {
    if (!(await transaction.markRenditionBad(orthancId, fileUuid, renditionMd5))) return false;
    const where = { studyInstanceUid, seriesInstanceUid, sopInstanceUid };
    await transaction.appendEvent({ event: "instance.rendition-bad", ...where, data: { reason } });
    return true;
  });
  announce(new Set([VOID_TOPIC + orthancId]));
  if (marked) log.error({ instance: orthancId, reason }, "a stored rendition is bad; it is rendered again");
  return marked;
}

/** The Orthanc ids that the topics say must not be served from memory. */
export function voided(topics: ReadonlySet<string>): OrthancId[] {
  return [...topics]
    .filter((topic) => topic.startsWith(VOID_TOPIC))
    .map((topic) => topic.slice(VOID_TOPIC.length) as OrthancId);
}
