import type { DiagnosticReport, Observation } from "fhir/r4.js";
import { expect } from "vitest";
import { createDemoStudy, type DemoFile, type DemoStudyOptions } from "../../src/phantom/demo-study.js";
import type { EventRecorder } from "./event-recorder.js";
import type { RunningStack } from "./running-stack.js";

/** A result as `GET /api/ai/results/{id}` shows it. */
export interface ShownResult {
  readonly id: number;
  readonly state: string;
  readonly held: boolean;
  readonly reportSopInstanceUid: string;
  readonly objects: readonly { readonly seriesInstanceUid: string; readonly sopInstanceUid: string }[];
  readonly segments: readonly { readonly number: number; readonly volumeMl: number }[];
  readonly review: ShownReview | null;
  readonly history: readonly ShownReview[];
}

export interface ShownReview {
  readonly decision: string;
  readonly reason: string | null;
  readonly comment: string | null;
  readonly reviewer: {
    readonly username: string;
    readonly displayName: string;
    readonly organisation: string;
  };
  readonly decidedAt: string;
  readonly state: string;
  readonly verifiedSopInstanceUid?: string;
}

/** An instance in Orthanc, past the program. */
export interface StoredInstance {
  readonly id: string;
  readonly modality: string;
  readonly sopInstanceUid: string;
  readonly tags: Record<string, unknown>;
}

const SLICES = 24;

/** Results of studies that are sent to a running stack, and what became of them in Orthanc and FHIR. */
export class ReviewedResults {
  constructor(
    private readonly stack: RunningStack,
    private readonly events: EventRecorder,
  ) {}

  /** Sends a study of small images, all of them or the first ones, and waits for its result. */
  async analysed(
    seed: number,
    { slices = SLICES, ...options }: DemoStudyOptions = {},
  ): Promise<{ files: DemoFile[]; study: string; id: number }> {
    const patient = {
      name: `Review^${seed}`,
      id: `REVIEW-${seed}`,
      birthDate: "19700101",
      sex: "O" as const,
    };
    const files = createDemoStudy({ seed, slices: SLICES, rows: 64, columns: 64, patient, ...options });
    const study = files[0]?.studyInstanceUid ?? "";
    await this.stack.storeOverDicom(files.slice(0, slices));
    return { files, study, id: await this.nextResult(study, 1) };
  }

  /** @returns the analysis once that many results of it have been made */
  async nextResult(study: string, count: number): Promise<number> {
    const heard = () => this.events.of("analysis.succeeded", study);
    await this.events.until("a result", () => heard().length >= count);
    return Number(heard()[0]?.data["analysis"]);
  }

  result(id: number): Promise<ShownResult> {
    return this.stack.json<ShownResult>(`/api/ai/results/${id}`);
  }

  async review(
    id: number,
    body: object,
    token?: string,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; headers: Headers; body: Record<string, unknown> }> {
    const response = await this.stack.fetch(`/api/ai/results/${id}/review`, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: JSON.stringify(body),
    });
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Record<string, unknown>,
    };
  }

  /** Decides about the result as it is shown, and waits until that is carried out. */
  async decided(
    id: number,
    study: string,
    decision: object,
    token?: string,
  ): Promise<Record<string, unknown>> {
    const { reportSopInstanceUid } = await this.result(id);
    const answer = await this.review(id, { reportSopInstanceUid, ...decision }, token);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    await this.applied(study, 1);
    return answer.body;
  }

  applied(study: string, count: number): Promise<void> {
    return this.events.until(
      "a decision carried out",
      () => this.events.of("result.review-applied", study).length >= count,
    );
  }

  /** What Orthanc holds of a study beside its images, by modality. */
  async stored(study: string): Promise<StoredInstance[]> {
    const found = await this.stack.orthancJson<{ ID: string }[]>("/tools/find", {
      method: "POST",
      body: JSON.stringify({ Level: "Instance", Expand: true, Query: { StudyInstanceUID: study } }),
    });
    const instances = await Promise.all(
      found.map(async ({ ID }) => {
        const tags = await this.stack.orthancJson<Record<string, unknown>>(
          `/instances/${ID}/simplified-tags`,
        );
        return {
          id: ID,
          modality: String(tags["Modality"]),
          sopInstanceUid: String(tags["SOPInstanceUID"]),
          tags,
        };
      }),
    );
    return instances
      .filter(({ modality }) => modality !== "MR")
      .sort((one, other) => (one.modality < other.modality ? -1 : 1));
  }

  file(id: string): Promise<Uint8Array> {
    return this.stack
      .orthanc(`/instances/${id}/file`)
      .then(async (response) => new Uint8Array(await response.arrayBuffer()));
  }

  /** Waits until report and observations of an analysis have a status, and answers them. */
  async inFhir(
    id: number,
    status: string,
  ): Promise<{ report: DiagnosticReport; observations: Observation[] }> {
    const query = `identifier=urn:neuronova:analysis-number|${id}&_count=50`;
    for (let tries = 0; ; tries += 1) {
      const [report] = await this.stack.fhir<DiagnosticReport>(`DiagnosticReport?${query}`);
      const observations = await this.stack.fhir<Observation>(`Observation?${query}`);
      if (report?.status === status && observations.every((observation) => observation.status === status))
        return { report, observations };
      if (tries === 150)
        throw new Error(`the report of analysis ${id} is ${report?.status ?? "not there"}, not ${status}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  /** What FHIR has of an analysis. */
  async everythingInFhir(id: number): Promise<readonly unknown[]> {
    const query = `identifier=urn:neuronova:analysis-number|${id}`;
    return [
      ...(await this.stack.fhir(`DiagnosticReport?${query}`)),
      ...(await this.stack.fhir(`Observation?${query}`)),
    ];
  }
}
