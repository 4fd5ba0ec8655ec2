import type { DiagnosticReport } from "fhir/r4.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDemoStudy } from "../../src/phantom/demo-study.js";
import type { EventRecorder } from "../stack/event-recorder.js";
import { RunningStack } from "../stack/running-stack.js";

let stack: RunningStack;
let events: EventRecorder;

beforeAll(async () => {
  stack = await RunningStack.start({ settings: { NEURONOVA_STABLE_AFTER_SECONDS: "0.5" } });
  events = await stack.events();
});

afterAll(async () => {
  events.close();
  await stack.stop();
});

interface Details {
  readonly analysis: string;
  readonly instanceCount: number;
  readonly fhir: { readonly state: string };
  readonly series: { readonly modality: string; readonly instanceCount: number; readonly state: string }[];
}

test.each([
  ["while its analysis runs", "analysis.started"],
  ["just after its result was stored", "analysis.succeeded"],
])(
  "images that arrive %s re-open the series: one SEG, one SR and one report of all of them remain",
  async (_when, event) => {
    const files = createDemoStudy({
      seed: event.length,
      slices: 60,
      rows: 64,
      columns: 64,
      patient: { name: "Late^Images", id: event, birthDate: "19700101", sex: "O" },
    });
    const study = files[0]?.studyInstanceUid ?? "";
    await stack.storeOverDicom(files.slice(0, 30));
    await events.until(event, () => events.of(event, study).length > 0);
    await stack.storeOverDicom(files.slice(30, 50));
    await stack.storeOverDicom(files.slice(50));

    let details: Details | undefined;
    const settled = () =>
      details?.instanceCount === 62 &&
      details.analysis === "succeeded" &&
      details.fhir.state === "synchronised" &&
      details.series.every(({ state }) => state === "stable");
    for (let heard = -1; !settled(); heard = events.events.length) {
      const since = heard;
      if (since >= 0) await events.until("further events", () => events.events.length > since, 60);
      details = await stack.json<Details>(`/api/studies/${study}`);
    }
    expect(details?.series.map(({ modality, instanceCount }) => [modality, instanceCount]).sort()).toEqual([
      ["MR", 60],
      ["SEG", 1],
      ["SR", 1],
    ]);
    const reports = await stack.fhir<DiagnosticReport>("DiagnosticReport?_count=100");
    expect(
      reports.filter(
        ({ conclusion, identifier }) =>
          conclusion !== undefined &&
          identifier?.some(({ value }) => value?.startsWith(files[0]?.seriesInstanceUid ?? "-")),
      ),
    ).toHaveLength(1);
  },
);
