import { setTimeout as pause } from "node:timers/promises";
import { createDemoStudy } from "../../../src/phantom/demo-study.js";
import { sendLikeAModality } from "../../stack/modality.js";
import { rewritten } from "../../stack/rewritten-files.js";
import type { RunningStack } from "../../stack/running-stack.js";
import type { Dice } from "./dice.js";
import type { SentStudy } from "./invariants.js";

const BETWEEN_STUDIES_MILLISECONDS = [200, 2_500] as const;
/** A modality asks again for ten minutes. */
const ATTEMPTS = 1_200;

interface Details {
  readonly results: readonly {
    readonly id: number;
    readonly state: string;
    readonly reportSopInstanceUid?: string;
    readonly review?: unknown;
  }[];
}

/** What goes on in a hospital while servers fail: studies are sent, some of which cannot be rendered, and results accepted. */
export class Hospital {
  readonly sent: SentStudy[] = [];
  readonly accepted = new Set<string>();

  constructor(
    private readonly stack: RunningStack,
    private readonly dice: Dice,
    private readonly until: number,
  ) {}

  async open(): Promise<void> {
    await Promise.all([this.send(), this.review()]);
  }

  private async send(): Promise<void> {
    while (Date.now() < this.until) {
      const number = this.sent.length + 1;
      const analysed = this.dice.next() < 0.8;
      const files = createDemoStudy({
        seed: 9_000 + number,
        slices: analysed ? 6 : 2,
        rows: 64,
        columns: 64,
        patient: { name: `Storm^${number}`, id: `STORM-${number}`, birthDate: "19700101", sex: "O" },
      }).map((file) => (analysed ? file : rewritten(file, ["MONOCHROME2 ", "YBR_PARTIAL "])));
      const [first] = files;
      if (first === undefined) throw new Error("the demo study is empty");
      await sendLikeAModality(this.stack, files, { attempts: ATTEMPTS });
      this.sent.push({
        studyInstanceUid: first.studyInstanceUid,
        patientId: `STORM-${number}`,
        sopInstanceUids: files.map(({ sopInstanceUid }) => sopInstanceUid),
        analysed,
      });
      await pause(this.dice.between(...BETWEEN_STUDIES_MILLISECONDS));
    }
  }

  /** A person who tries again when there is no answer; whether it was accepted is what the server says in the end. */
  private async review(): Promise<void> {
    while (Date.now() < this.until) {
      await pause(1_000);
      const study = this.sent.find(
        ({ analysed, studyInstanceUid }) => analysed && !this.accepted.has(studyInstanceUid),
      );
      if (study === undefined || this.dice.next() < 0.5) continue;
      await this.accept(study.studyInstanceUid).catch(() => undefined);
    }
  }

  private async accept(studyInstanceUid: string): Promise<void> {
    const token = await this.stack.token("doctor");
    const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
    const details = await this.stack.json<Details>(`/api/studies/${studyInstanceUid}`);
    const result = details.results.find(({ reportSopInstanceUid }) => reportSopInstanceUid !== undefined);
    if (result === undefined) return;
    if (result.review == null) {
      const body = JSON.stringify({
        decision: "accepted",
        reportSopInstanceUid: result.reportSopInstanceUid,
      });
      await this.stack.fetch(`/api/ai/results/${result.id}/review`, { method: "POST", headers, body });
    }
    const after = await this.stack.json<Details>(`/api/studies/${studyInstanceUid}`);
    if (after.results.some(({ review }) => review != null)) this.accepted.add(studyInstanceUid);
  }
}
