import { ArchiveError } from "../archive/archive.js";
import { HeaderError, readInstanceIdentity, type InstanceIdentity } from "../dicom/part10-identity.js";
import { isReadableUid, type OrthancId } from "../dicom/uid.js";
import type { Logger } from "../log.js";
import { isWhereItMayBe, type StoreAuthorization, type StoreDecision } from "./authorize-instance.js";
import type { InstanceStore, StoreOutcome } from "./instance-store.js";
import { isDicomPart } from "./media-type.js";
import type { Spool, SpooledPart } from "./spool.js";
import { FAILURE, type InstanceResult } from "./store-response.js";

export interface PartDependencies {
  readonly authorization: StoreAuthorization;
  readonly spool: Spool;
  readonly store: InstanceStore;
  readonly log: Logger;
  readonly largestInstance: number;
  /** Set where the request is to `/studies/{uid}`. */
  readonly studyInstanceUid: string | undefined;
  /** Has the decision in the audit trail before it is carried out. */
  readonly record: UploadRecord;
  readonly retrieveUrl: (identity: Omit<InstanceIdentity, "patient">) => string;
}

const REMOVAL_ATTEMPTS = 3;

/** Tells the audit trail whose instance was let in or not; to be waited for. */
export type UploadRecord = (
  identity: InstanceIdentity,
  end: { readonly outcome: "granted" } | { readonly outcome: "denied"; readonly reason: string },
) => Promise<void> | undefined;

type Identified = Omit<InstanceIdentity, "patient">;
type Failure = InstanceResult & { readonly stored: false };

/**
 * Takes one part in, finds out whose it is, decides, and stores it. Nothing reaches the archive before the decision.
 * @throws what the body throws when it breaks off; nothing of the part is left then
 */
export async function storePart(
  headers: string,
  body: AsyncIterable<Uint8Array>,
  dependencies: PartDependencies,
): Promise<InstanceResult> {
  if (!isDicomPart(headers)) return failed(FAILURE.notUnderstood);
  const part = await dependencies.spool.create().catch((error: unknown) => noRoom(error, dependencies.log));
  if (part === undefined) return failed(FAILURE.outOfResources, undefined, 503);
  try {
    const problem = await takeIn(part, body, dependencies);
    return problem ?? (await decideAndStore(part, dependencies));
  } finally {
    await part.discard();
  }
}

async function takeIn(
  part: SpooledPart,
  body: AsyncIterable<Uint8Array>,
  { largestInstance, log }: PartDependencies,
): Promise<Failure | undefined> {
  for await (const chunk of body) {
    // What is left of the part is passed over when the next one is asked for.
    if (part.size + chunk.length > largestInstance) return failed(FAILURE.outOfResources, undefined, 413);
    try {
      await part.append(chunk);
    } catch (error) {
      noRoom(error, log);
      return failed(FAILURE.outOfResources, undefined, 503);
    }
  }
  return undefined;
}

async function decideAndStore(part: SpooledPart, dependencies: PartDependencies): Promise<InstanceResult> {
  const { authorization, studyInstanceUid, store, log, retrieveUrl, record } = dependencies;
  const identity = await identityOf(part);
  if (studyInstanceUid !== undefined && identity === undefined) return failed(FAILURE.notUnderstood);
  if (
    identity !== undefined &&
    studyInstanceUid !== undefined &&
    identity.studyInstanceUid !== studyInstanceUid
  )
    return failed(FAILURE.doesNotMatch, identity);
  const decision = await authorization.decide(identity);
  if (identity !== undefined)
    await record(
      identity,
      decision.granted ? { outcome: "granted" } : { outcome: "denied", reason: "study-forbidden" },
    );
  if (!decision.granted) return failed(FAILURE.notAuthorized, identity);

  let stored: StoreOutcome;
  try {
    stored = await store.store({ size: part.size, stream: () => part.stream() });
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    log.warn({ err: error }, "an upload could not be handed to the archive");
    return failed(FAILURE.outOfResources, identity, 503);
  }
  if (stored.outcome === "not-understood") return failed(FAILURE.notUnderstood, identity);
  if (stored.outcome === "no-room") return failed(FAILURE.outOfResources, identity, 503);
  if (stored.outcome === "refused") return failed(FAILURE.processingFailure, identity);
  if (!isWhereItMayBe(decision, stored.studyId)) return takeBack(stored, identity, decision, dependencies);
  const known = identity ?? (await store.identify(stored.orthancId));
  if (!isAddressable(known)) {
    // Nobody could retrieve it by the addresses of DICOMweb, and nothing is made of it.
    if (stored.outcome === "stored") await removeSurely(stored.orthancId, store, log);
    return failed(FAILURE.notUnderstood, known);
  }
  const { sopClassUid, sopInstanceUid } = known;
  return { stored: true, sopClassUid, sopInstanceUid, retrieveUrl: retrieveUrl(known) };
}

async function identityOf(part: SpooledPart): Promise<InstanceIdentity | undefined> {
  try {
    return await readInstanceIdentity((position, length) => part.read(position, length));
  } catch (error) {
    if (error instanceof HeaderError) return undefined;
    throw error;
  }
}

function isAddressable({ sopInstanceUid, seriesInstanceUid, studyInstanceUid }: Identified): boolean {
  return [sopInstanceUid, seriesInstanceUid, studyInstanceUid].every((uid) => isReadableUid(uid));
}

/** The archive read another study or patient in the file than we did: it must not stay there. */
async function takeBack(
  stored: StoreOutcome & { readonly outcome: "stored" | "already-stored" },
  identity: Identified | undefined,
  decision: StoreDecision,
  { store, log }: PartDependencies,
): Promise<Failure> {
  log.error(
    { orthancId: stored.orthancId, studyId: stored.studyId, decision: decision.granted },
    "the archive read an upload as another study than it was granted for; it is removed",
  );
  // What was there before is not theirs to remove.
  if (stored.outcome === "stored") await removeSurely(stored.orthancId, store, log);
  return failed(FAILURE.notAuthorized, identity);
}

async function removeSurely(orthancId: OrthancId, store: InstanceStore, log: Logger): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await store.remove(orthancId);
      return;
    } catch (error) {
      if (attempt < REMOVAL_ATTEMPTS) continue;
      log.fatal(
        { err: error, orthancId },
        "an upload that was refused could not be removed: remove it by hand",
      );
      return;
    }
  }
}

function failed(reason: Failure["reason"], identity?: Identified, status?: 413 | 503): Failure {
  return {
    stored: false,
    reason,
    ...(identity === undefined
      ? {}
      : { sopClassUid: identity.sopClassUid, sopInstanceUid: identity.sopInstanceUid }),
    ...(status === undefined ? {} : { status }),
  };
}

function noRoom(error: unknown, log: Logger): undefined {
  log.error({ err: error }, "an upload cannot be written to NEURONOVA_UPLOAD_DIRECTORY");
}
