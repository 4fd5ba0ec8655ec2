import { Registry } from "prom-client";
import { beforeEach, expect, test } from "vitest";
import { ArchiveError } from "../archive/archive.js";
import { PipelineMetrics } from "./pipeline-metrics.js";

const ARRIVED = new Date("2026-03-01T08:00:00Z");
const seconds = (count: number) => ARRIVED.getTime() + count * 1_000;
const fresh = { arrivedAt: ARRIVED, urgency: "live", rendition: "pending", attempts: 0 } as const;
const rendered = {
  kind: "rendered",
  rendition: { format: 1, renditionBytes: 1, renditionMd5: "", pixelBytes: 1 },
} as const;

let registry: Registry;
let pipeline: PipelineMetrics;

beforeEach(() => {
  registry = new Registry();
  pipeline = new PipelineMetrics(registry);
});

async function sample(line: string): Promise<number | undefined> {
  const found = (await registry.metrics()).split("\n").find((each) => each.startsWith(`${line} `));
  return found === undefined ? undefined : Number(found.slice(line.length + 1));
}

test("an image that arrived and is rendered counts with the time between; a clock that is behind makes it 0", async () => {
  pipeline.finished(fresh, rendered, seconds(4));
  pipeline.finished(fresh, rendered, seconds(-1));
  expect(await sample("neuronova_arrival_to_rendition_seconds_sum")).toBe(4);
  expect(await sample("neuronova_arrival_to_rendition_seconds_count")).toBe(2);
});

test.each([
  ["the background's", { urgency: "background" }],
  ["one that is made again", { rendition: "rendered" }],
  ["one that had failed before", { attempts: 1 }],
] as const)("%s says nothing of how quick the pipeline is", async (_which, change) => {
  pipeline.finished({ ...fresh, ...change }, rendered, seconds(9));
  expect(await sample("neuronova_arrival_to_rendition_seconds_count")).toBe(0);
});

test("what is never rendered is counted by reason, and a driver's code is not repeated", async () => {
  pipeline.finished(fresh, { kind: "not-renderable", code: "video", reason: "it is video" });
  pipeline.givenUp(new ArchiveError("archive-refused", false, "no"));
  pipeline.givenUp(Object.assign(new Error("x"), { code: "ECONNREFUSED 10.0.0.1" }));
  pipeline.givenUp("thrown");
  const count = (reason: string) => sample(`neuronova_render_failures_total{reason="${reason}"}`);
  expect([await count("video"), await count("archive-refused"), await count("unknown-fault")]).toEqual([
    1, 1, 2,
  ]);
});

test("a result counts from the last image of its series", async () => {
  const instances = [{ arrivedAt: ARRIVED }, { arrivedAt: new Date(seconds(7)) }];
  pipeline.result("tumor_detection", instances, seconds(10));
  pipeline.result("tumor_detection", [], seconds(10));
  const label = '{model="tumor_detection"}';
  expect(await sample(`neuronova_arrival_to_result_seconds_sum${label}`)).toBe(3);
  expect(await sample(`neuronova_arrival_to_result_seconds_count${label}`)).toBe(1);
});
