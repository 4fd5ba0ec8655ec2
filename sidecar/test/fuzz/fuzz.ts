import fc from "fast-check";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { startWatchdog } from "./watchdog.js";

/** Of each property: some in every run of the tests, as many as one likes by hand. */
const CASES = Number(process.env["NEURONOVA_FUZZ_CASES"] ?? 500);
/** The same cases in every run of the tests, so that a change is held to what the change before was; others by hand. */
const SEED = Number(process.env["NEURONOVA_FUZZ_SEED"] ?? 1);
/** One case that takes longer is one that hangs. */
const LONGEST_CASE_MILLISECONDS = 5_000;
/** What the process may grow by at its largest, above what it had before: fixtures and decoders are in that already. */
const MOST_GROWTH_MEGABYTES = 400;

const caseBegins = startWatchdog();

/** Where a property failed before, by its name: as fast-check told it. */
interface PastFailure {
  readonly seed: number;
  readonly path: string;
}
const pastFailures = JSON.parse(
  readFileSync(new URL("past-failures.json", import.meta.url), "utf8"),
) as Readonly<Record<string, readonly PastFailure[]>>;

/**
 * A property of any input: it holds within five seconds and without taking much memory. What failed once comes first.
 * A rejection that nobody handles, and an error outside of a call, fail the file (vitest sees to that).
 * @param holds throws where it does not
 */
export function fuzz<Input>(
  name: string,
  input: fc.Arbitrary<Input>,
  holds: (input: Input) => Promise<void> | void,
): void {
  test(name, { timeout: 60_000 + CASES * 200 }, async () => {
    const property = fc.asyncProperty(input, async (value) => {
      caseBegins();
      const begin = performance.now();
      await holds(value);
      expect(performance.now() - begin, "milliseconds of a case").toBeLessThan(LONGEST_CASE_MILLISECONDS);
    });
    const before = process.resourceUsage().maxRSS;
    for (const failure of pastFailures[name] ?? [])
      await fc.assert(property, { ...failure, numRuns: 1, timeout: LONGEST_CASE_MILLISECONDS });
    await fc.assert(property, { seed: SEED, numRuns: CASES, timeout: LONGEST_CASE_MILLISECONDS });
    const growth = (process.resourceUsage().maxRSS - before) / 1_024;
    expect(growth, "megabytes more at the largest").toBeLessThan(MOST_GROWTH_MEGABYTES);
  });
}
