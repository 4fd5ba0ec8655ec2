import { randomUUID } from "node:crypto";
import { ApiError } from "../error-response.js";
import type { Logger } from "../log.js";
import type { Access } from "./access.js";
import { Denials } from "./denials.js";
import type { AuditStore, Counts } from "./audit-store.js";
import {
  IDLE_SECONDS,
  LONGEST_SECONDS,
  type AuditTrail,
  type RecordedAccess,
  type Use,
} from "./audit-trail.js";

/** Counts are saved this often; a killed process loses at most what it counted since. */
export const SAVE_MILLISECONDS = 500;
/** When counts cannot be saved for this long, nothing more is shown. */
export const MOST_UNSAVED_MILLISECONDS = 5_000;
/** A database that has not written a row for this long is away. */
const PATIENCE_MILLISECONDS = 5_000;
/** Instances of one access that are told apart; a study with more is counted as having this many. */
const MOST_INSTANCES = 100_000;
const MOST_IN_ONE_STATEMENT = 500;

/** An access in progress. */
interface Going {
  readonly accessId: string;
  readonly access: Access;
  readonly firstAt: number;
  readonly instances: Set<string>;
  lastAt: number;
  requests: number;
  frames: number;
  /** While its first row is being written. */
  opening: Promise<void> | undefined;
}

/** The audit trail of one process: first rows at once, counts every half second, nothing without the database. */
export class Trail implements AuditTrail {
  private readonly going = new Map<string, Going>();
  private readonly denials = new Denials();
  private unsaved = new Set<Going>();
  private unsavedSince: number | undefined;
  /** Whether counts could not be saved the last time. */
  private failing = false;
  private told = false;
  private saving: Promise<void> | undefined;
  private readonly timer: NodeJS.Timeout;
  written = 0;

  constructor(
    private readonly store: AuditStore,
    private readonly log: Logger,
    private readonly now: () => number = () => Date.now(),
  ) {
    this.timer = setInterval(() => void this.save(), SAVE_MILLISECONDS);
    this.timer.unref();
  }

  count(access: Access, use: Use = {}): Promise<void> | undefined {
    const now = this.now();
    const key = keyOf(access);
    const known = this.going.get(key);
    if (known !== undefined && !isOver(known, now)) return this.goOn(known, use, now);
    if (access.outcome === "granted") return this.open(key, access, use, now);
    const broader = this.denials.generalise(access);
    const broadKey = broader === access ? key : keyOf(broader);
    const broad = broader === access ? undefined : this.going.get(broadKey);
    if (broad !== undefined && !isOver(broad, now)) return this.goOn(broad, use, now);
    return this.open(broadKey, broader, use, now);
  }

  async record(access: Access): Promise<RecordedAccess> {
    const accessId = randomUUID();
    const at = new Date(this.now());
    const counts = { requests: 1, instances: 0, frames: 0, lastAt: at };
    await this.write(() => this.store.open(accessId, access, at, counts));
    return {
      end: (end) => this.write(() => this.store.end(accessId, end, new Date(this.now()))),
    };
  }

  /** Saves what is not saved yet; forgets accesses that are over. */
  async save(): Promise<void> {
    this.saving ??= this.saveCounts().finally(() => (this.saving = undefined));
    await this.saving;
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.saving;
    await this.save();
  }

  private goOn(going: Going, { sopInstanceUid, frames = 0 }: Use, now: number): Promise<void> | undefined {
    this.insistOnSaving(now);
    going.lastAt = now;
    going.requests += 1;
    going.frames += frames;
    if (sopInstanceUid !== undefined && going.instances.size < MOST_INSTANCES)
      going.instances.add(sopInstanceUid);
    this.unsaved.add(going);
    this.unsavedSince ??= now;
    return going.opening;
  }

  private open(key: string, access: Access, { sopInstanceUid, frames = 0 }: Use, now: number): Promise<void> {
    const going: Going = {
      accessId: randomUUID(),
      access,
      firstAt: now,
      lastAt: now,
      instances: new Set(sopInstanceUid === undefined ? [] : [sopInstanceUid]),
      requests: 1,
      frames,
      opening: undefined,
    };
    this.forget(key);
    this.going.set(key, going);
    if (access.outcome !== "granted") this.denials.opened(access);
    const counts = countsOf(going);
    going.opening = this.write(() =>
      this.store.open(going.accessId, access, new Date(going.firstAt), counts),
    ).then(
      () => {
        going.opening = undefined;
      },
      (error: unknown) => {
        // Whoever waited for it is refused; the next request tries again.
        if (this.going.get(key) === going) this.forget(key);
        this.unsaved.delete(going);
        throw error;
      },
    );
    return going.opening;
  }

  private forget(key: string): void {
    const going = this.going.get(key);
    if (going === undefined) return;
    this.going.delete(key);
    if (going.access.outcome !== "granted") this.denials.over(going.access);
  }

  private insistOnSaving(now: number): void {
    const late = this.unsavedSince !== undefined && now - this.unsavedSince > MOST_UNSAVED_MILLISECONDS;
    if (this.failing || late) throw unavailable();
  }

  private async write(work: () => Promise<void>): Promise<void> {
    try {
      await inTime(work());
      this.written += 1;
      this.told = false;
    } catch (error) {
      this.tell(error);
      throw unavailable();
    }
  }

  /** One line per outage. */
  private tell(error: unknown): void {
    if (!this.told) this.log.error({ err: error }, "the audit trail cannot be written");
    this.told = true;
  }

  private async saveCounts(): Promise<void> {
    const batch = [...this.unsaved].filter(({ opening }) => opening === undefined);
    const since = this.unsavedSince;
    if (batch.length > 0) {
      for (const going of batch) this.unsaved.delete(going);
      this.unsavedSince = this.unsaved.size > 0 ? since : undefined;
      try {
        for (let start = 0; start < batch.length; start += MOST_IN_ONE_STATEMENT) {
          const part = batch.slice(start, start + MOST_IN_ONE_STATEMENT);
          await inTime(
            this.store.saveCounts(new Map(part.map((going) => [going.accessId, countsOf(going)]))),
          );
        }
        this.failing = false;
        this.told = false;
      } catch (error) {
        for (const going of batch) this.unsaved.add(going);
        this.unsavedSince = since;
        this.failing = true;
        this.tell(error);
        return;
      }
    } else if (this.unsaved.size === 0) this.unsavedSince = undefined;
    const now = this.now();
    for (const [key, going] of this.going)
      if (isOver(going, now) && !this.unsaved.has(going) && going.opening === undefined) this.forget(key);
  }
}

function isOver({ firstAt, lastAt }: Going, now: number): boolean {
  return now - lastAt > IDLE_SECONDS * 1_000 || now - firstAt > LONGEST_SECONDS * 1_000;
}

function countsOf({ requests, instances, frames, lastAt }: Going): Counts {
  return { requests, instances: instances.size, frames, lastAt: new Date(lastAt) };
}

/** What makes two requests one access. */
function keyOf({
  who,
  source,
  action,
  target,
  outcome,
  reason,
  studyInstanceUids,
  breakGlassId,
}: Access): string {
  return `${who.subject}\n${who.tokenId}\n${source.address}\n${source.userAgent}\n${action}\n${target}\n${outcome}\n${reason ?? ""}\n${breakGlassId ?? ""}\n${studyInstanceUids.length === 1 ? (studyInstanceUids[0] ?? "") : studyInstanceUids.join()}`;
}

async function inTime(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`the database has not written for ${PATIENCE_MILLISECONDS} ms`)),
      PATIENCE_MILLISECONDS,
    );
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function unavailable(): ApiError {
  return new ApiError(
    503,
    "audit-unavailable",
    "Accesses cannot be recorded at the moment, so nothing is shown. Try again shortly.",
    { "Retry-After": "2" },
  );
}
