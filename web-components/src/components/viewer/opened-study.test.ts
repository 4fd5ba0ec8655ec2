import { expect, test } from "vitest";
import { OpenedStudy } from "./opened-study.js";

const tokenProvider = () => Promise.resolve("token");

function viewer() {
  const desk = { unsaved: false, refused: [] as (string | undefined)[] };
  const opened = new OpenedStudy({
    isUnsaved: () => desk.unsaved,
    refused: (waiting) => desk.refused.push(waiting),
  });
  return { desk, opened, ask: (study: string | undefined) => opened.ask({ study, tokenProvider }) };
}

test("a study is opened once, and another in its place", () => {
  const { ask } = viewer();
  expect(ask("1.1")).toEqual({ open: true, study: "1.1" });
  expect(ask("1.1")).toEqual({ open: false, study: "1.1" });
  expect(ask("1.2")).toEqual({ open: true, study: "1.2" });
});

test("while something is not saved another one waits, until it may be opened", () => {
  const { desk, opened, ask } = viewer();
  ask("1.1");
  desk.unsaved = true;
  expect(ask("1.2")).toEqual({ open: false, study: "1.1" });
  expect(desk.refused).toEqual(["1.2"]);
  desk.unsaved = false;
  expect(opened.takeWaiting()).toEqual({ study: "1.2" });
  expect(opened.takeWaiting()).toBeUndefined();
  expect(ask("1.2")).toEqual({ open: true, study: "1.2" });
});

test("no study at all is another one too", () => {
  const { desk, opened, ask } = viewer();
  ask("1.1");
  desk.unsaved = true;
  expect(ask(undefined)).toEqual({ open: false, study: "1.1" });
  expect(opened.takeWaiting()).toEqual({ study: undefined });
});

test("who stays does not want the other one any more", () => {
  const { desk, opened, ask } = viewer();
  ask("1.1");
  desk.unsaved = true;
  ask("1.2");
  opened.stay();
  expect(opened.takeWaiting()).toBeUndefined();
});

test("what waited is forgotten with the element", () => {
  const { desk, opened, ask } = viewer();
  ask("1.1");
  desk.unsaved = true;
  ask("1.2");
  opened.close();
  expect(opened.takeWaiting()).toBeUndefined();
  expect(ask("1.1")).toEqual({ open: true, study: "1.1" });
});
