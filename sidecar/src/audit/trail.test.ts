import { pino } from "pino";
import { afterEach, describe, expect, test } from "vitest";
import { accessOf, type Access } from "./access.js";
import type { AuditStore, Counts } from "./audit-store.js";
import { IDLE_SECONDS, LONGEST_SECONDS } from "./audit-trail.js";
import { MOST_OF_ALL, MOST_OF_ONE, VARIOUS } from "./denials.js";
import { MOST_UNSAVED_MILLISECONDS, Trail } from "./trail.js";

const log = pino({ level: "silent" });
const trails: Trail[] = [];
const who = {
  subject: "account:7",
  kind: "account",
  displayName: "D",
  role: "doctor",
  tokenId: "t",
} as const;
const source = { address: "10.0.0.1", userAgent: "test" };
const viewOf = (uid: string, rest: Partial<Access> = {}) =>
  accessOf({ who, source, action: "view", studyInstanceUids: [uid], ...rest });
const deniedTo = (address: string, uid: string, subject = "") =>
  viewOf(uid, {
    who: { ...who, subject },
    source: { ...source, address },
    outcome: "denied",
    reason: "study-unknown",
  });

/** What a trail writes, kept in memory; away when told so. */
function recorder() {
  const opened: { accessId: string; access: Access; counts: Counts }[] = [];
  const saved = new Map<string, Counts>();
  const state = { away: false, now: 1_000_000, statements: 0 };
  const answer = (work: () => void): Promise<void> => {
    state.statements += 1;
    if (state.away) return Promise.reject(new Error("away"));
    work();
    return Promise.resolve();
  };
  const store: AuditStore = {
    open: (accessId, access, _firstAt, counts) => answer(() => opened.push({ accessId, access, counts })),
    end: () => answer(() => undefined),
    saveCounts: (counts) => answer(() => counts.forEach((value, key) => saved.set(key, value))),
    endIdle: () => Promise.resolve(0),
  };
  const trail = new Trail(store, log, () => state.now);
  trails.push(trail);
  return { trail, opened, saved, state };
}

afterEach(async () => {
  for (const trail of trails.splice(0)) await trail.stop();
});

describe("a view of a study", () => {
  test("is one row, written before the first answer; what follows is counted and waits for nothing", async () => {
    const { trail, opened, saved, state } = recorder();
    await trail.count(viewOf("1.2"), { sopInstanceUid: "1.2.1", frames: 1 });
    expect(opened).toHaveLength(1);
    for (let frame = 0; frame < 299; frame += 1) {
      state.now += 10;
      expect(trail.count(viewOf("1.2"), { sopInstanceUid: `1.2.${frame % 20}`, frames: 2 })).toBeUndefined();
    }
    expect(state.statements).toBe(1);
    await trail.save();
    expect(opened).toHaveLength(1);
    expect([...saved.values()]).toEqual([
      { requests: 300, instances: 20, frames: 599, lastAt: new Date(state.now) },
    ]);
  });

  test("that begins with many requests at once has them all wait for its one row", async () => {
    const { trail, opened } = recorder();
    await Promise.all(Array.from({ length: 50 }, async () => trail.count(viewOf("1.2"))));
    expect(opened).toHaveLength(1);
  });

  test("is another one after a pause, after an hour, and by another token, address, program or reason", async () => {
    const { trail, opened, state } = recorder();
    const count = async (rest: Partial<Access> = {}) => trail.count(viewOf("1.2", rest));
    await count();
    state.now += IDLE_SECONDS * 1_000 + 1;
    await count();
    expect(opened).toHaveLength(2);
    for (let passed = 0; passed <= LONGEST_SECONDS; passed += IDLE_SECONDS) {
      state.now += IDLE_SECONDS * 1_000;
      await count();
      await trail.save();
    }
    expect(opened).toHaveLength(3);
    await count({ who: { ...who, tokenId: "another" } });
    await count({ source: { ...source, address: "10.0.0.2" } });
    await count({ source: { ...source, userAgent: "another" } });
    await count({ breakGlassId: 5 });
    await count({ action: "download" });
    await count({ outcome: "denied", reason: "label-missing" });
    await count({ outcome: "denied", reason: "study-unknown" });
    expect(opened).toHaveLength(10);
  });
});

describe("without the database", () => {
  test("no view begins, and those that wait for the same row are all refused", async () => {
    const { trail, state } = recorder();
    state.away = true;
    const answers = await Promise.allSettled([trail.count(viewOf("1.2")), trail.count(viewOf("1.2"))]);
    expect(answers.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    await expect(trail.count(viewOf("1.2"))).rejects.toMatchObject({
      status: 503,
      code: "audit-unavailable",
    });
    await expect(trail.record(viewOf("1.2"))).rejects.toMatchObject({ status: 503 });
    state.away = false;
    await trail.count(viewOf("1.2"));
  });

  test("no view goes on; when it is back, nothing that was counted is lost", async () => {
    const { trail, saved, state } = recorder();
    await trail.count(viewOf("1.2"));
    void trail.count(viewOf("1.2"));
    state.away = true;
    await trail.save();
    expect(() => trail.count(viewOf("1.2"))).toThrow(expect.objectContaining({ status: 503 }) as Error);
    state.away = false;
    await trail.save();
    expect(trail.count(viewOf("1.2"))).toBeUndefined();
    await trail.save();
    expect([...saved.values()].map(({ requests }) => requests)).toEqual([3]);
  });

  test("nothing is shown on counts that have waited for too long", async () => {
    const { trail, state } = recorder();
    await trail.count(viewOf("1.2"));
    void trail.count(viewOf("1.2"));
    state.now += MOST_UNSAVED_MILLISECONDS + 1;
    expect(() => trail.count(viewOf("1.2"))).toThrow(expect.objectContaining({ status: 503 }) as Error);
  });
});

describe("denials", () => {
  test("of somebody who tries ten thousand studies are few rows and one count", async () => {
    const { trail, opened, saved } = recorder();
    for (let study = 0; study < 10_000; study += 1) await trail.count(deniedTo("10.0.0.9", `1.${study}`));
    expect(opened).toHaveLength(MOST_OF_ONE + 1);
    expect(opened.at(-1)?.access).toMatchObject({ target: VARIOUS, studyInstanceUids: [] });
    await trail.save();
    const counted = saved.get(opened.at(-1)?.accessId ?? "")?.requests;
    expect(counted).toBe(10_000 - MOST_OF_ONE);
  });

  test("from ten thousand addresses are a bounded number of rows", async () => {
    const { trail, opened } = recorder();
    for (let address = 0; address < 10_000; address += 1)
      await trail.count(deniedTo(`10.1.${address >> 8}.${address & 255}`, "1.2"));
    expect(opened).toHaveLength(MOST_OF_ALL + 1);
    expect(opened.at(-1)?.access.source.address).toBe(VARIOUS);
  });

  test("do not count against others, and have rows of their own again after a while", async () => {
    const { trail, opened, state } = recorder();
    for (let study = 0; study < 100; study += 1) await trail.count(deniedTo("10.0.0.9", `1.${study}`));
    await trail.count(deniedTo("10.0.0.8", "1.2"));
    expect(opened.at(-1)?.access.studyInstanceUids).toEqual(["1.2"]);
    await trail.save();
    state.now += IDLE_SECONDS * 1_000 + 1;
    await trail.save();
    await trail.count(deniedTo("10.0.0.9", "1.99"));
    expect(opened.at(-1)?.access.studyInstanceUids).toEqual(["1.99"]);
  });
});
