import { expect } from "vitest";
import { createDemoStudy, type DemoFile, type DemoStudyOptions } from "../../src/phantom/demo-study.js";
import type { EventRecorder } from "./event-recorder.js";
import { People, type Answer } from "./people.js";
import { renamed, twinOf } from "./rewritten-files.js";
import { RunningStack, type StackProcess } from "./running-stack.js";

/** A job as the API shows it. */
export interface Job {
  readonly id: number;
  readonly state: string;
  readonly procedureStepState: string;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly requestedBy: string | null;
  readonly cancelRequested: boolean;
  readonly attempts: number;
  readonly priority: string;
  readonly progress: { readonly slicesDone: number; readonly slices: number };
  readonly queuedAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly reason?: { readonly code: string; readonly detail: string };
  readonly input: { readonly sopInstanceUids: readonly string[] | null };
  readonly output?: {
    readonly engine: string;
    readonly modelMilliseconds: number;
    readonly report: { readonly sopInstanceUid: string };
  };
}

export interface Jobs {
  readonly jobs: readonly Job[];
  readonly next?: number;
}

export interface Problem {
  readonly code: string;
  readonly detail: string;
}

export type StudyOptions = DemoStudyOptions & {
  /** Described so that no model looks at it by itself. */
  readonly unmatched?: boolean;
  /** With its last slice once more, as another instance: no regular stack. */
  readonly twin?: boolean;
};

/** Jobs on a stack whose inference has a process of its own. */
export class JobsUnderTest {
  readonly model = "tumor_detection";

  private constructor(
    readonly stack: RunningStack,
    readonly people: People,
    readonly events: EventRecorder,
    readonly doctor: string,
    private seed: number,
  ) {}

  /** @param seed tells the studies of one test file from those of another */
  static async start(seed: number, settings: Readonly<Record<string, string>> = {}): Promise<JobsUnderTest> {
    const stack = await RunningStack.start({
      sidecarProcesses: [["api", "transcoding", "delivery"], ["inference"]],
      settings: { NEURONOVA_STABLE_AFTER_SECONDS: "0.5", ...settings },
    });
    const [events, doctor] = [await stack.events(), await stack.token("doctor")];
    return new JobsUnderTest(stack, new People(stack), events, doctor, seed);
  }

  async stop(): Promise<void> {
    this.events.close();
    await this.stack.stop();
  }

  get inference(): StackProcess {
    const found = this.stack.local.processes["sidecar-inference"];
    if (found === undefined) throw new Error("there is no inference process");
    return found;
  }

  /** A study of a patient of its own, not sent yet. */
  made(options: StudyOptions): DemoFile[] {
    const id = `JOBS-${++this.seed}`;
    const patient = { name: "Jobs^Test", id, birthDate: "19700101", sex: "O" as const };
    const size = { slices: 4, rows: 64, columns: 64 };
    const files = createDemoStudy({ seed: this.seed, ...size, patient, ...options }).map((file) =>
      options.unmatched === true ? renamed(file) : file,
    );
    if (options.twin === true) files.push(twinOf(files.at(-1) as DemoFile));
    return files;
  }

  /** Sends files of one study and waits until their series are stable. */
  async send(files: readonly DemoFile[]): Promise<void> {
    const { events } = this;
    const study = files[0]?.studyInstanceUid;
    const before = events.of("series.stable", study).length;
    const series = new Set(files.map(({ seriesInstanceUid }) => seriesInstanceUid)).size;
    await this.stack.storeOverDicom(files);
    await events.until("stable series", () => events.of("series.stable", study).length >= before + series);
  }

  async stored(options: StudyOptions = {}): Promise<DemoFile[]> {
    const files = this.made(options);
    await this.send(files);
    return files;
  }

  post<T>(path: string, body?: unknown, token = this.doctor): Promise<Answer<T>> {
    return this.people.call<T>(token, "POST", path, body);
  }

  async get<T>(path: string, token?: string): Promise<Answer<T>> {
    return this.people.call<T>(token ?? (await this.stack.token()), "GET", path);
  }

  async job(id: number): Promise<Job> {
    return (await this.get<Job>(`/api/ai/jobs/${id}`)).body;
  }

  /** The only job of a study. */
  async jobOf(study: string | undefined): Promise<Job> {
    const { jobs } = (await this.get<Jobs>(`/api/ai/jobs?studyInstanceUid=${study ?? ""}`)).body;
    expect(jobs).toHaveLength(1);
    return jobs[0] as Job;
  }

  told(event: string, id: number): boolean {
    return this.events.events.some((heard) => heard.event === event && heard.data["analysis"] === id);
  }

  until(event: string, id: number): Promise<void> {
    return this.events.until(`${event} of ${id}`, () => this.told(event, id));
  }

  /** Series of results that Orthanc holds. */
  async resultsInOrthanc(study: string): Promise<number> {
    const find = (modality: string) =>
      this.stack.orthancJson<unknown[]>("/tools/find", {
        method: "POST",
        body: JSON.stringify({ Level: "Series", Query: { StudyInstanceUID: study, Modality: modality } }),
      });
    return (await find("SEG")).length + (await find("SR")).length;
  }
}
