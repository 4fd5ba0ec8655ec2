import type { TokenProvider } from "../session/token-provider.js";
import type { ChosenFile } from "./chosen-file.js";
import type { UnreadableEntry } from "./dropped-files.js";
import { Selection, isOfPatient } from "./selection.js";
import { storeInstance } from "./store-instance.js";
import { storedInstances } from "./stored-instances.js";
import { UploadQueue, countStates, uploadItem, type UploadItem } from "./upload-queue.js";

/** What became of an upload. */
export interface UploadEnd {
  readonly studyInstanceUids: readonly string[];
  readonly stored: number;
  /** Were there before. */
  readonly there: number;
  readonly failed: number;
  readonly canceled: number;
}

/** `looking`: files are looked into. `asking`: which of them the server has already. */
export type UploadPhase = "choosing" | "looking" | "review" | "asking" | "sending" | "ended";

/** An upload from the choice of files to its end. Whatever belongs to one that was given up is left alone. */
export class UploadWork {
  phase: UploadPhase = "choosing";
  selection: Selection;
  /** Keys of the studies that are to be sent. */
  chosen: ReadonlySet<string> = new Set();
  queue: UploadQueue | undefined;
  /** Why the server could not be asked what it has. */
  failure: unknown;
  private looking = new AbortController();

  constructor(private readonly changed: () => void) {
    this.selection = new Selection(changed);
  }

  /** Gives up what was chosen, and what is on its way. */
  reset(): void {
    this.looking.abort();
    this.queue?.stop();
    this.queue = undefined;
    this.selection = new Selection(this.changed);
    this.chosen = new Set();
    this.failure = undefined;
    this.go("choosing");
  }

  /** @param patient Patient ID: others' studies are not chosen by themselves */
  async look(files: AsyncIterable<ChosenFile | UnreadableEntry>, patient: string | undefined): Promise<void> {
    const { selection } = this;
    const { signal } = (this.looking = new AbortController());
    this.go("looking");
    await selection.add(files, signal);
    if (selection !== this.selection) return;
    const own = [...selection.studies].filter(([, { header }]) => isOfPatient(header, patient));
    this.chosen = new Set(own.map(([key]) => key));
    this.go("review");
  }

  choose(key: string, isChosen: boolean): void {
    const chosen = new Set(this.chosen);
    if (isChosen) chosen.add(key);
    else chosen.delete(key);
    this.chosen = chosen;
    this.changed();
  }

  /** Sends what is chosen and not there yet. @returns undefined when it did not come to an end */
  async start(provider: TokenProvider): Promise<UploadEnd | undefined> {
    const { selection } = this;
    if (this.phase !== "review") return undefined;
    this.failure = undefined;
    this.go("asking");
    try {
      const items = await this.itemsToSend(provider);
      return selection === this.selection ? await this.send(items, provider) : undefined;
    } catch (error) {
      if (selection !== this.selection) return undefined;
      this.failure = error;
      this.go("review");
      return undefined;
    }
  }

  /** Sends what is not there yet once more. */
  async goOn(provider: TokenProvider): Promise<UploadEnd | undefined> {
    const items = this.queue?.items ?? [];
    if (this.phase !== "ended") return undefined;
    for (const item of items)
      if (item.state === "failed" || item.state === "canceled")
        Object.assign(item, { state: "waiting", fault: undefined, detail: undefined, sent: 0 });
    return this.send(items, provider);
  }

  private async itemsToSend(provider: TokenProvider): Promise<UploadItem[]> {
    const items: UploadItem[] = [];
    for (const key of this.chosen) {
      const study = this.selection.studies.get(key);
      if (study === undefined) continue;
      const { patientId, studyInstanceUid } = study.header;
      const there =
        patientId === undefined ? new Set() : await storedInstances(studyInstanceUid, patientId, provider);
      for (const { file, header } of study.instances) {
        const item = uploadItem(file, header);
        if (there.has(header.sopInstanceUid)) item.state = "there";
        items.push(item);
      }
    }
    return items;
  }

  private async send(items: readonly UploadItem[], provider: TokenProvider): Promise<UploadEnd | undefined> {
    const queue = new UploadQueue(items, {
      send: (file, progress, signal) => storeInstance(file, provider, progress, signal),
      changed: this.changed,
      rest,
    });
    this.queue = queue;
    this.go("sending");
    await queue.run();
    if (queue !== this.queue) return undefined;
    this.go("ended");
    const { stored, there, failed, canceled } = countStates(items);
    return { studyInstanceUids: [...studiesOf(items)], stored, there, failed, canceled };
  }

  private go(phase: UploadPhase): void {
    this.phase = phase;
    this.changed();
  }
}

/** Studies of which the server has something now. */
export function studiesOf(items: readonly UploadItem[]): ReadonlySet<string> {
  return new Set(
    items
      .filter(({ state }) => state === "stored" || state === "there")
      .map(({ header }) => header.studyInstanceUid),
  );
}

function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
