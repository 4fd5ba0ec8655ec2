import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { hapiUnavailable } from "./hapi/build-hapi.mjs";
import { repositoryRoot } from "./local-stack/repository.mjs";
import { setUp } from "./setup/setup.mjs";

/** `npm test`: set-up, verify, then the tests on real servers. Ends with the sum of what ran. */
const ARTIFACTS = join(repositoryRoot, "test-artifacts");
const SUITES = ["unit", "fuzz", "integration", "browser", "faults"];

setUp({ forTests: true });
mkdirSync(ARTIFACTS, { recursive: true });
const steps = /** @type {[string, string, string[]][]} */ ([
  ["format", "npm", ["run", "--silent", "format:check"]],
  ["lint", "npm", ["run", "--silent", "lint"]],
  ["types", "npm", ["run", "--silent", "types"]],
  ["boundaries", "npm", ["run", "--silent", "boundaries"]],
  ["OpenEMR module", "node", ["scripts/openemr-module/test-module.mjs"]],
]);
/** What failed, to be told once more at the end: a log may be seen from its end only. @type {string[]} */
const failures = [];
// Each takes one processor; its words come when it has ended.
await Promise.all([stepsInTurn(), stepsInTurn()]);
let passed = 0;
for (const suite of SUITES) {
  console.log(`\n== ${suite} tests`);
  const report = join(ARTIFACTS, `${suite}.json`);
  rmSync(report, { force: true });
  const { status } = spawnSync(
    "npx",
    [
      "vitest",
      "run",
      "--project",
      suite,
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
    ],
    {
      cwd: repositoryRoot,
      stdio: "inherit",
    },
  );
  const { numPassedTests, testResults } = readReport(report);
  passed += numPassedTests;
  const failed = testResults.flatMap(failuresOf);
  failures.push(...failed);
  // A suite that ran nothing, or failed outside of a test, has failed.
  if (failed.length === 0 && (numPassedTests === 0 || status !== 0)) failures.push(`${suite} tests`);
}
const withoutHapi = hapiUnavailable();
if (withoutHapi !== undefined)
  console.log(
    `\n!! NOT RUN: the FHIR conformance tests on a real HAPI server. This machine has none: ${withoutHapi}`,
  );
if (failures.length > 0) console.log(`\nFailed:\n${failures.join("\n")}`);
console.log(`\n${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 && passed > 0 ? 0 : 1;

async function stepsInTurn() {
  for (let next = steps.shift(); next !== undefined; next = steps.shift()) {
    const { name, output, status } = await step(next);
    console.log(`\n== ${name}\n${output}`);
    if (status !== 0) failures.push(name);
  }
}

/**
 * @param {[string, string, string[]]} command
 * @returns {Promise<{ name: string, output: string, status: number | null }>}
 */
function step([name, program, args]) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: repositoryRoot, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => (output += text));
    child.once("error", reject);
    child.once("close", (status) => resolve({ name, output, status }));
  });
}

/**
 * @typedef {{ status: string, fullName: string, failureMessages?: string[] }} TestOutcome
 * @typedef {{ name: string, status: string, message: string, assertionResults: TestOutcome[] }} FileOutcome
 * @param {string} file
 * @returns {{ numPassedTests: number, testResults: FileOutcome[] }}
 */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return { numPassedTests: 0, testResults: [] };
  }
}

/**
 * A line for each failed test of a file, or one for the file if it failed outside of its tests.
 * @param {FileOutcome} outcome
 */
function failuresOf({ name, status, message, assertionResults }) {
  const file = relative(repositoryRoot, name);
  const failed = assertionResults.filter((test) => test.status === "failed");
  if (failed.length === 0) return status === "failed" ? [`${file}: ${firstLine(message)}`] : [];
  return failed.map(
    ({ fullName, failureMessages }) => `${file}: ${fullName}: ${firstLine(failureMessages?.[0])}`,
  );
}

/** @param {string | undefined} text */
function firstLine(text) {
  return (text ?? "").split("\n", 1)[0];
}
