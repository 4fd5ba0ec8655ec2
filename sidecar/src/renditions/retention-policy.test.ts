import { describe, expect, test } from "vitest";
import { keepsEverything, retentionDaysSchema, retentionPolicy } from "./retention-policy.js";

const days = (text: string) => retentionDaysSchema.parse(text);
const problem = (text: string) => retentionDaysSchema.safeParse(text).error?.issues[0]?.message;

describe("days of retention", () => {
  test("are given by modality, for every other, or for all", () => {
    expect(days("")).toEqual({});
    expect(days("365")).toEqual({ "*": 365 });
    expect(days("CT=90, MG=keep,*=365")).toEqual({ CT: 90, MG: null, "*": 365 });
  });

  test.each([
    ["CT=", "CT= needs a number of days from 1 to 36500, or keep"],
    ["CT=0", "CT=0 needs a number of days from 1 to 36500, or keep"],
    ["CT=1.5", "CT=1.5 needs a number of days from 1 to 36500, or keep"],
    ["ct=5", "ct is not a modality"],
    ["=5", " is not a modality"],
    ["CT=5,CT=6", "CT is there twice"],
    ["5,6", "* is there twice"],
    ["' OR 1=1", "' OR 1 is not a modality"],
  ])("%j is refused, with what is wrong", (text, reason) => {
    expect(problem(text)).toBe(reason);
  });
});

test("a policy without a limit keeps everything", () => {
  expect(keepsEverything(retentionPolicy({}, 0))).toBe(true);
  expect(keepsEverything(retentionPolicy({ MG: null }, 0))).toBe(true);
  expect(keepsEverything(retentionPolicy({ MG: 1 }, 0))).toBe(false);
  expect(keepsEverything(retentionPolicy({ "*": 1 }, 0))).toBe(false);
  expect(keepsEverything(retentionPolicy({}, 0.5))).toBe(false);
  expect(retentionPolicy({ "*": 3, CT: 2 }, 2)).toEqual({
    days: 3,
    daysByModality: new Map([["CT", 2]]),
    bytes: 2e9,
  });
});
