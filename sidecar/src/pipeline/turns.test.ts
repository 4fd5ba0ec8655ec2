import { expect, test, vi } from "vitest";
import { Turns } from "./turns.js";

function task() {
  let finish: () => void = () => undefined;
  const done = new Promise<void>((resolve) => (finish = resolve));
  return { work: vi.fn(() => done), finish: () => finish() };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("no more work is begun than may run at once, the rest in the order of its coming", async () => {
  const turns = new Turns(2);
  const tasks = Array.from({ length: 5 }, task);
  const all = tasks.map(({ work }) => turns.run(work));
  await settled();
  const begun = () => tasks.map(({ work }) => work.mock.calls.length);
  expect(begun()).toEqual([1, 1, 0, 0, 0]);
  expect(turns.queued).toBe(3);
  tasks[1]?.finish();
  await settled();
  expect(begun()).toEqual([1, 1, 1, 0, 0]);
  for (const { finish } of tasks) finish();
  await Promise.all(all);
  expect(begun()).toEqual([1, 1, 1, 1, 1]);
  expect(turns.queued).toBe(0);
});

test("work that waits is given up at once, is never begun and costs nobody a turn", async () => {
  const turns = new Turns(1);
  const [first, second, third] = [task(), task(), task()];
  const cancel = new AbortController();
  const running = turns.run(first.work);
  const waiting = turns.run(second.work, cancel.signal);
  const after = turns.run(third.work);
  cancel.abort();
  await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
  first.finish();
  await running;
  third.finish();
  await after;
  expect(second.work).not.toHaveBeenCalled();
  expect(third.work).toHaveBeenCalledOnce();
  await expect(turns.run(second.work, cancel.signal)).rejects.toMatchObject({ name: "AbortError" });
});

test("a fault frees the turn, and stays that of its own work", async () => {
  const turns = new Turns(1);
  const fails = turns.run(() => Promise.reject(new Error("broken")));
  const works = turns.run(() => Promise.resolve("done"));
  await expect(fails).rejects.toThrow("broken");
  await expect(works).resolves.toBe("done");
});
