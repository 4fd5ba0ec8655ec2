import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { TokenProvider } from "../session/token-provider.js";
import type { ServerEvent } from "./event-stream.js";
import { FollowedEvents } from "./followed-events.js";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** An element as Lit runs it: `update` is one turn of its life cycle, before it is drawn. */
function hostOf(study: string | null | undefined) {
  const provider: TokenProvider = () => Promise.resolve("token");
  const listeners = new Set<(event: ServerEvent) => void>();
  const missed = new Set<() => void>();
  const answers: { of: string | null | undefined; give: (text: string | Error) => void }[] = [];
  const host = {
    tokenProvider: provider as TokenProvider | undefined,
    study,
    shown: undefined as string | undefined,
    failure: undefined as unknown,
    addController: () => undefined,
    removeController: () => undefined,
    requestUpdate: () => undefined,
    updateComplete: Promise.resolve(true),
  };
  const followed = new FollowedEvents<string>(
    host,
    {
      subject: () => host.study,
      forget: () => (host.shown = undefined),
      concerns: ({ studyInstanceUid }) => studyInstanceUid === host.study,
      load: () =>
        new Promise((resolve, reject) => {
          const give = (text: string | Error) => (text instanceof Error ? reject(text) : resolve(text));
          answers.push({ of: host.study, give });
        }),
      loaded: (answer) => (host.shown = answer),
      failed: (error) => (host.failure = error),
    },
    () => ({
      subscribe: (listener, whenMissed) => {
        listeners.add(listener);
        if (whenMissed !== undefined) missed.add(whenMissed);
        return () => listeners.delete(listener);
      },
    }),
  );
  const tell = (studyInstanceUid: string) => {
    for (const listener of listeners) listener({ sequence: 1, event: "study.changed", studyInstanceUid });
  };
  const miss = () => {
    for (const tellMissed of missed) tellMissed();
  };
  return { host, followed, answers, listeners, tell, miss };
}

const settled = () => vi.advanceTimersByTimeAsync(200);

test("a burst of events about its study is one more look; events about others are none", async () => {
  const { followed, answers, tell } = hostOf("1.2");
  followed.hostUpdate();
  followed.hostUpdate();
  expect(answers).toHaveLength(1);
  tell("1.2");
  tell("1.2");
  tell("1.3");
  await settled();
  expect(answers).toHaveLength(2);
  tell("1.3");
  await settled();
  expect(answers).toHaveLength(2);
});

test("events that were missed may have been about its study: it looks again", async () => {
  const { followed, answers, miss } = hostOf("1.2");
  followed.hostUpdate();
  miss();
  await settled();
  expect(answers).toHaveLength(2);
});

test("another study is forgotten before anything is drawn, and its late answer is not shown", async () => {
  const { host, followed, answers } = hostOf("1.2");
  followed.hostUpdate();
  answers[0]?.give("first");
  await settled();
  expect(host.shown).toBe("first");
  const late = followed.load();
  host.study = "1.3";
  followed.hostUpdate();
  expect(host.shown).toBeUndefined();
  answers[2]?.give("second");
  answers[1]?.give("late and of the former study");
  await late;
  await settled();
  expect(host.shown).toBe("second");
});

test("an older answer or failure that comes late does not replace a newer one", async () => {
  const { host, followed, answers } = hostOf("1.2");
  followed.hostUpdate();
  void followed.load();
  answers[1]?.give("newer");
  answers[0]?.give(new Error("older"));
  await settled();
  expect([host.shown, host.failure]).toEqual(["newer", undefined]);
});

test("nothing is asked for without access or subject, and nothing after the element has left the page", async () => {
  const { host, followed, answers, listeners, tell } = hostOf(null);
  followed.hostUpdate();
  expect(answers).toHaveLength(0);
  host.study = "1.2";
  const { tokenProvider } = host;
  host.tokenProvider = undefined;
  followed.hostUpdate();
  expect(answers).toHaveLength(0);
  host.tokenProvider = tokenProvider;
  followed.hostUpdate();
  tell("1.2");
  followed.hostDisconnected();
  answers[0]?.give("too late");
  await settled();
  expect(listeners.size).toBe(0);
  expect(answers).toHaveLength(1);
  expect(host.shown).toBeUndefined();
});

test("an element that comes back to the page looks again, and shows what it had meanwhile", async () => {
  const { host, followed, answers, listeners } = hostOf("1.2");
  followed.hostUpdate();
  answers[0]?.give("what it had");
  await settled();
  followed.hostDisconnected();
  followed.hostUpdate();
  expect(host.shown).toBe("what it had");
  expect(answers).toHaveLength(2);
  expect(listeners.size).toBe(1);
});

test("everything there is can be followed, as a list without a study does", () => {
  const { followed, answers } = hostOf(undefined);
  followed.hostUpdate();
  expect(answers).toHaveLength(1);
});
