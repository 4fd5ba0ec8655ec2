import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
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
let failedSteps = 0;
// Each takes one processor; its words come when it has ended.
await Promise.all([stepsInTurn(), stepsInTurn()]);
let [passed, failed] = [0, 0];
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
  const { numPassedTests, numFailedTests } = readReport(report);
  passed += numPassedTests;
  failed += numFailedTests;
  // A suite that ran nothing, or failed outside of a test, has failed.
  if (numPassedTests === 0 || (status !== 0 && numFailedTests === 0)) failedSteps += 1;
}
const withoutHapi = hapiUnavailable();
if (withoutHapi !== undefined)
  console.log(
    `\n!! NOT RUN: the FHIR conformance tests on a real HAPI server. This machine has none: ${withoutHapi}`,
  );
console.log(`\n${passed} passed, ${failed + failedSteps} failed`);
process.exitCode = failed + failedSteps === 0 && passed > 0 ? 0 : 1;

async function stepsInTurn() {
  for (let next = steps.shift(); next !== undefined; next = steps.shift()) {
    const { name, output, status } = await step(next);
    console.log(`\n== ${name}\n${output}`);
    if (status !== 0) failedSteps += 1;
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
 * @param {string} file
 * @returns {{ numPassedTests: number, numFailedTests: number }}
 */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return { numPassedTests: 0, numFailedTests: 0 };
  }
}
