import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repositoryRoot } from "../local-stack/repository.mjs";
import { logIn } from "./log-in.mjs";
import { listen } from "./listen.mjs";

/** @import { Stack } from "../local-stack/start-stack.mjs" */

/** Everything that has to be heard before the demo study is through. */
const LONGEST_SECONDS = 180;

/**
 * Sends the demo study over DICOM, as a modality does, and follows it to the FHIR server.
 *
 * @param {Stack} stack
 * @param {(line: string) => void} say
 * @returns {Promise<boolean>} false when it was there already
 */
export async function loadDemoStudy(stack, say) {
  const token = await logIn(stack);
  const directory = mkdtempSync(join(tmpdir(), "neuronova-demo-"));
  try {
    const known = await fetch(`${stack.address}/api/studies?query=DEMO-0001`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    const { total } = /** @type {{ total: number }} */ (await known.json());
    if (total > 0) return false;
    say("demo study: making a synthetic brain MR");
    execFileSync(process.execPath, [
      join(repositoryRoot, "sidecar/dist/cli.js"),
      "demo-study",
      "--output",
      directory,
    ]);
    const events = await listen(stack, token);
    const begin = performance.now();
    execFileSync("storescu", [
      "-aec",
      stack.dicomAet,
      "+sd",
      "127.0.0.1",
      String(stack.ports.orthancDicom),
      directory,
    ]);
    const milliseconds = () => `${Math.round(performance.now() - begin)} ms`;
    say(`  sent over DICOM (C-STORE)          ${milliseconds()}`);
    const count = 24;
    await events.until("renditions", (heard) => heard("instance.rendered") >= count, LONGEST_SECONDS);
    say(`  ${count} HTJ2K renditions attached       ${milliseconds()}`);
    await events.until("stable series", (heard) => heard("series.stable") >= 1, LONGEST_SECONDS);
    say(`  series stable                      ${milliseconds()}`);
    await events.until(
      "AI result",
      (heard) => heard("analysis.succeeded") + heard("analysis.failed") >= 1,
      LONGEST_SECONDS,
    );
    if (events.heard("analysis.failed") > 0)
      throw new Error("the analysis of the demo study failed: see /api/failures");
    say(`  DICOM SEG and SR stored            ${milliseconds()}`);
    const before = events.heard("study.synchronised");
    await events.until(
      "FHIR",
      (heard) => heard("study.synchronised") > before || heard("series.stable") >= 3,
      LONGEST_SECONDS,
    );
    say(`  DiagnosticReport in FHIR           ${milliseconds()}`);
    events.close();
    return true;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
