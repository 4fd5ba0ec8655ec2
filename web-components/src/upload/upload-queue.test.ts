import { expect, test } from "vitest";
import { LeftOut } from "./chosen-file.js";
import type { InstanceHeader } from "./instance-header.js";
import type { StoreOutcome } from "./store-instance.js";
import { UploadQueue, uploadItem, type UploadDependencies } from "./upload-queue.js";

const header = {} as InstanceHeader;
const items = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    uploadItem(
      { path: String(index), size: 10, open: () => Promise.resolve(new Blob([String(index)])) },
      header,
    ),
  );

function queueOver(
  list: ReturnType<typeof items>,
  send: (path: string, signal: AbortSignal) => Promise<StoreOutcome>,
  rest: UploadDependencies["rest"] = () => Promise.resolve(),
) {
  const sent: string[] = [];
  const queue = new UploadQueue(list, {
    send: async (file, progress, signal) => {
      const path = await file.text();
      sent.push(path);
      progress(5);
      return send(path, signal);
    },
    changed: () => undefined,
    rest,
  });
  return { queue, sent };
}

test("everything is sent once, some at a time", async () => {
  let [now, most] = [0, 0];
  const list = items(10);
  const { queue, sent } = queueOver(list, async () => {
    most = Math.max(most, (now += 1));
    await new Promise((resolve) => setTimeout(resolve, 1));
    now -= 1;
    return { kind: "stored" };
  });
  await queue.run();
  expect(sent.toSorted((one, other) => Number(one) - Number(other))).toEqual(
    list.map(({ file }) => file.path),
  );
  expect(most).toBe(3);
  expect(list.every(({ state, sent: bytes }) => state === "stored" && bytes === 10)).toBe(true);
});

test("a broken connection loses nothing and doubles nothing: it rests, longer each time, and goes on", async () => {
  const rests: number[] = [];
  let left = 5;
  const list = items(4);
  const { queue, sent } = queueOver(
    list,
    () => Promise.resolve(left-- > 0 ? { kind: "later", why: "connection" } : { kind: "stored" }),
    async (milliseconds) => {
      rests.push(Math.round(milliseconds / 1_000));
      await Promise.resolve();
    },
  );
  await queue.run();
  expect(list.map(({ state }) => state)).toEqual(["stored", "stored", "stored", "stored"]);
  expect(sent).toHaveLength(4 + 5);
  expect(new Set(rests).size).toBeGreaterThan(1);
  expect(rests.toSorted((one, other) => one - other)).toEqual(rests);
});

test("the server's own time to wait is kept, up to half a minute", async () => {
  const rests: number[] = [];
  let first = true;
  const { queue } = queueOver(
    items(1),
    () => {
      const outcome = { kind: "later", why: "server", seconds: first ? 7 : 4_000 } as const;
      if (rests.length === 2) return Promise.resolve({ kind: "stored" });
      first = false;
      return Promise.resolve(outcome);
    },
    async (milliseconds) => {
      rests.push(Math.round(milliseconds / 1_000));
      await Promise.resolve();
    },
  );
  await queue.run();
  expect(rests).toEqual([7, 30]);
});

test("a file that is refused does not hold up the others, and one that is gone says so", async () => {
  const list = items(3);
  Object.assign(list[1]?.file ?? {}, { open: () => Promise.reject(new LeftOut("unreadable")) });
  const { queue } = queueOver(list, (path) =>
    Promise.resolve(path === "0" ? { kind: "failed", fault: "refused" } : { kind: "stored" }),
  );
  await queue.run();
  expect(list.map(({ state, fault }) => [state, fault])).toEqual([
    ["failed", "refused"],
    ["failed", "unreadable"],
    ["stored", undefined],
  ]);
});

test("stopping breaks off what is on its way and what waits", async () => {
  const list = items(6);
  const { queue, sent } = queueOver(
    list,
    (_path, signal) =>
      new Promise((resolve) => {
        signal.addEventListener("abort", () => resolve({ kind: "canceled" }));
      }),
  );
  const run = queue.run();
  while (sent.length < 3) await Promise.resolve();
  queue.stop();
  await run;
  expect(list.every(({ state }) => state === "canceled")).toBe(true);
});

test("without a token it waits for the page, which is told apart", async () => {
  const list = items(1);
  let failures = 2;
  const troubles: unknown[] = [];
  const { queue } = queueOver(
    list,
    () => {
      if (failures-- > 0) throw new Error("the EMR gave no token");
      return Promise.resolve({ kind: "stored" });
    },
    async () => {
      troubles.push(queue.trouble?.why);
      await Promise.resolve();
    },
  );
  await queue.run();
  expect(troubles).toEqual(["access", "access"]);
  expect(list[0]?.state).toBe("stored");
});
