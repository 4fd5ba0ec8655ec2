import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repositoryRoot } from "../local-stack/repository.mjs";
import { logIn } from "./log-in.mjs";
import { listen } from "./listen.mjs";

/** @import { Stack } from "../local-stack/start-stack.mjs" */

/** Everything that has to be heard before the demo studies are through. */
const LONGEST_SECONDS = 180;

/**
 * Sends the demo studies (a brain MR, a head CT) over DICOM, as modalities do, and follows them to the FHIR server.
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
    say("demo studies: making a synthetic brain MR and a head CT");
    execFileSync(process.execPath, [
      join(repositoryRoot, "sidecar/dist/cli.js"),
      "demo-study",
      "--output",
      directory,
    ]);
    const events = await listen(stack, () => token);
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
    const count = 48;
    const studies = 2;
    await events.until("renditions", (heard) => heard("instance.rendered") >= count, LONGEST_SECONDS);
    say(`  ${count} HTJ2K renditions attached       ${milliseconds()}`);
    await events.until("stable series", (heard) => heard("series.stable") >= studies, LONGEST_SECONDS);
    say(`  series stable                      ${milliseconds()}`);
    await events.until(
      "AI result",
      (heard) => heard("analysis.succeeded") + heard("analysis.failed") >= studies,
      LONGEST_SECONDS,
    );
    if (events.heard("analysis.failed") > 0)
      throw new Error("the analysis of a demo study failed: see /api/failures");
    say(`  DICOM SEG and SR stored            ${milliseconds()}`);
    const before = events.heard("study.synchronised");
    await events.until(
      "FHIR",
      (heard) => heard("study.synchronised") > before || heard("series.stable") >= 3 * studies,
      LONGEST_SECONDS,
    );
    say(`  DiagnosticReport in FHIR           ${milliseconds()}`);
    events.close();
    return true;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
