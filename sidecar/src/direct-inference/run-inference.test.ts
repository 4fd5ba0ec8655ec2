import { expect, test } from "vitest";
import { ArchiveError } from "../archive/archive.js";
import type { InferenceRow } from "./inference-store.js";
import { runInference, type RunInferenceDependencies } from "./run-inference.js";

const { signal } = new AbortController();

/** A store of one question, and an archive that is away or a worker that dies as often as it is asked. */
function questionWith(describe: () => Promise<unknown>) {
  let attempts = 0;
  const ends: string[] = [];
  const row = { id: "q", seriesId: "s", sopInstanceUid: null, state: "queued" } as unknown as InferenceRow;
  const dependencies = {
    store: {
      find: () => Promise.resolve(row),
      begin: () => Promise.resolve(++attempts),
      release: () => {
        attempts -= 1;
        return Promise.resolve();
      },
      fail: (_id: string, code: string) => Promise.resolve(void ends.push(code)),
    },
    state: {
      read: {
        series: () => Promise.resolve({ instances: [{ sopInstanceUid: "1" }] }),
        study: () => Promise.resolve({ studyInstanceUid: "1.2" }),
      },
    },
    describe,
  } as unknown as RunInferenceDependencies;
  return { ends, ask: () => runInference("q", dependencies, signal) };
}

test("a question waits for as long as the archive is away", async () => {
  const away = () => Promise.reject(new ArchiveError("archive-busy", true, "it is away"));
  const { ends, ask } = questionWith(away);
  for (let attempt = 0; attempt < 20; attempt += 1)
    await expect(ask()).rejects.toMatchObject({ retryable: true });
  expect(ends).toEqual([]);
});

test("a question that five workers died of fails by itself", async () => {
  const { ends, ask } = questionWith(() => new Promise(() => undefined));
  for (let attempt = 0; attempt < 5; attempt += 1) void ask();
  await ask();
  expect(ends).toEqual(["worker-died"]);
});
