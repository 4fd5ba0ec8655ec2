import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listen } from "../../scripts/demo/listen.mjs";
import { logIn } from "../../scripts/demo/log-in.mjs";
import { ALL_ROLES } from "../../scripts/local-stack/sidecar.mjs";
import { startStack } from "../../scripts/local-stack/start-stack.mjs";

/** @import { Stack } from "../../scripts/local-stack/start-stack.mjs" */

const AT_ONCE = 8;

/**
 * Runs work on a stack of its own: a process for each role, as compose.yaml runs them.
 *
 * @template T
 * @param {(stack: Stack, events: Awaited<ReturnType<typeof listen>>, token: string) => Promise<T>} work
 * @param {Parameters<typeof listen>[2]} [onEvent]
 * @param {Readonly<Record<string, string>>} [settings] of the sidecar, beside the defaults
 * @returns {Promise<T>}
 */
export async function onStack(work, onEvent, settings = {}) {
  const directory = mkdtempSync(join(tmpdir(), "neuronova-bench-"));
  const stack = await startStack({
    directory,
    sidecarProcesses: ALL_ROLES.map((role) => [role]),
    settings: { NEURONOVA_LOG_LEVEL: "warn", ...settings },
  });
  try {
    const token = await logIn(stack);
    const events = await listen(stack, () => logIn(stack), onEvent);
    const result = await work(stack, events, token);
    events.close();
    return result;
  } finally {
    await stack.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** @param {Stack} stack */
export function orthancAuthorization({ secrets }) {
  return `Basic ${Buffer.from(`neuronova:${secrets.orthancPassword}`).toString("base64")}`;
}

/**
 * Stores images in Orthanc by its REST API, several at a time.
 *
 * @param {string} orthancUrl
 * @param {string} authorization empty where none is asked
 * @param {readonly { bytes: Uint8Array }[]} images
 */
export async function storeImages(orthancUrl, authorization, images) {
  const headers = {
    ...(authorization === "" ? {} : { Authorization: authorization }),
    "Content-Type": "application/dicom",
  };
  let next = 0;
  const lane = async () => {
    for (let image = images[next++]; image !== undefined; image = images[next++]) {
      const response = await fetch(`${orthancUrl}/instances`, {
        method: "POST",
        headers,
        body: Buffer.from(image.bytes),
      });
      if (!response.ok) throw new Error(`Orthanc answered ${response.status}`);
      await response.arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}
