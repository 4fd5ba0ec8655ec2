import { LeftOut, type ChosenFile, type LeftOutReason } from "./chosen-file.js";
import type { UnreadableEntry } from "./dropped-files.js";
import { readInstanceHeader, type InstanceHeader } from "./instance-header.js";
import { filesInZip, isZip } from "./zip-archive.js";

/** Instances of one study and one patient. */
export interface ChosenStudy {
  readonly header: InstanceHeader;
  readonly instances: { readonly file: ChosenFile; readonly header: InstanceHeader }[];
  bytes: number;
}

export interface LeftOutFile {
  readonly path: string;
  readonly reason: LeftOutReason;
}

/** What was chosen, sorted: instances by study and patient, and what is not sent with the reason. */
export class Selection {
  /** By study and patient. */
  readonly studies = new Map<string, ChosenStudy>();
  readonly leftOut: LeftOutFile[] = [];
  /** Files looked at so far. */
  looked = 0;
  private readonly known = new Set<string>();

  /** @param changed called after each file */
  constructor(private readonly changed: () => void) {}

  get patients(): number {
    return new Set([...this.studies.values()].map(({ header }) => header.patientId ?? "")).size;
  }

  /** Looks into the files, and into ZIP archives among them. */
  async add(files: AsyncIterable<ChosenFile | UnreadableEntry>, signal: AbortSignal): Promise<void> {
    for await (const file of files) {
      if (signal.aborted) return;
      if ("unreadable" in file) this.leaveOut(file.path, new LeftOut("unreadable"));
      else await this.look(file, signal);
    }
  }

  private async look(file: ChosenFile, signal: AbortSignal, isInArchive = false): Promise<void> {
    try {
      const blob = await file.open();
      if (!isInArchive && (await isZip(blob))) {
        for await (const entry of filesInZip(blob, file.path)) {
          if (signal.aborted) return;
          await this.look(entry, signal, true);
        }
        return;
      }
      this.take(file, await readInstanceHeader(blob));
    } catch (error) {
      this.leaveOut(file.path, error);
    }
  }

  private take(file: ChosenFile, header: InstanceHeader): void {
    const key = `${header.studyInstanceUid} ${header.patientId ?? ""}`;
    const instance = `${key} ${header.sopInstanceUid}`;
    if (this.known.has(instance)) throw new LeftOut("chosen-twice");
    this.known.add(instance);
    const study = this.studies.get(key) ?? { header, instances: [], bytes: 0 };
    study.instances.push({ file, header });
    study.bytes += file.size;
    this.studies.set(key, study);
    this.looked += 1;
    this.changed();
  }

  private leaveOut(path: string, error: unknown): void {
    this.leftOut.push({ path, reason: error instanceof LeftOut ? error.reason : "unreadable" });
    this.looked += 1;
    this.changed();
  }
}

/** Whether an instance may be of the patient of the page; one that does not say whose it is, is not. */
export function isOfPatient({ patientId }: InstanceHeader, patient: string | undefined): boolean {
  return patient === undefined || patient === "" || patientId === patient;
}
