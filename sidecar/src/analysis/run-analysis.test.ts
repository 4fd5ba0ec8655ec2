import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { ArchiveError } from "../archive/archive.js";
import type { AnalysisRow } from "../state/records.js";
import type { State, StateTransaction } from "../state/state.js";
import { NO_TRACER } from "../tracing/tracer.js";
import { inputDigest } from "./input-digest.js";
import { runAnalysis, type RunAnalysisDependencies } from "./run-analysis.js";

const instances = [{ sopInstanceUid: "1.2.3", fileUuid: "file" }];
const digest = inputDigest(instances);

/** A state of one analysis whose first write takes as long as given, with what it was told to do. */
function stateOf(milliseconds: number) {
  let writes = 0;
  const row = { id: 7, inputDigest: digest, state: "queued", attempts: 1, interruptions: 0, result: null };
  const done: string[] = [];
  const transaction = new Proxy({} as StateTransaction, {
    get: (_target, name: string) => () => {
      done.push(name);
      if (name === "startAnalysis") row.state = "running";
      if (name === "interruptAnalysis" && row.state === "running") row.state = "queued";
      return Promise.resolve(true);
    },
  });
  const state = {
    transaction: async <T>(work: (transaction: StateTransaction) => Promise<T>): Promise<T> => {
      if (writes++ === 0) await pause(milliseconds);
      return work(transaction);
    },
    read: {
      analysis: () => Promise.resolve({ ...row } as unknown as AnalysisRow),
      series: () => Promise.resolve({ instances, seriesInstanceUid: "1.2" }),
      study: () => Promise.resolve({ studyInstanceUid: "1" }),
    },
  };
  return { row, done, state: state as unknown as State };
}

const { signal } = new AbortController();
const dependenciesWith = (some: object) => ({ ...some, tracer: NO_TRACER }) as RunAnalysisDependencies;

test.each([
  ["at once, before the database has written that it was begun", 20],
  ["after it was begun", 0],
])(
  "an analysis whose archive is away fails %s: it waits, and nobody is taken for dead",
  async (_when, slow) => {
    const { row, done, state } = stateOf(slow);
    const dependencies = dependenciesWith({
      state,
      images: { describe: () => Promise.reject(new ArchiveError("archive-busy", true, "it is away")) },
    });
    const run = runAnalysis(7, digest, dependencies, new AbortController().signal);
    await expect(run).rejects.toMatchObject({ code: "archive-busy" });
    await pause(2 * slow);
    expect(done).toEqual(["startAnalysis", "interruptAnalysis"]);
    expect(row.state).toBe("queued");
  },
);

test("an analysis whose result cannot be stored just now waits, too", async () => {
  const { row, done, state } = stateOf(0);
  const images = { describe: () => Promise.resolve({ fileUuid: "file" }), forget: () => undefined };
  const dependencies = dependenciesWith({
    ...{ state, images },
    analyse: () => Promise.resolve({ kind: "succeeded" }),
    keep: () => Promise.reject(new ArchiveError("archive-busy", true, "it is away")),
  });
  await expect(runAnalysis(7, digest, dependencies, signal)).rejects.toMatchObject({ code: "archive-busy" });
  expect(done).toEqual(["startAnalysis", "interruptAnalysis"]);
  expect(row.state).toBe("queued");
});

test("an analysis of an image that was overwritten meanwhile is let go", async () => {
  const { row, state } = stateOf(0);
  const images = { describe: () => Promise.resolve({ fileUuid: "another" }) };
  await runAnalysis(7, digest, dependenciesWith({ state, images }), signal);
  expect(row.state).toBe("queued");
});
