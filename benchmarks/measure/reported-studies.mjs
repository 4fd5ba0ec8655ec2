import { phantomImages } from "./images.mjs";
import { orthancAuthorization, storeImages } from "./running-stack.mjs";

/** @import { Stack } from "../../scripts/local-stack/start-stack.mjs" */
/** @import { Image } from "./images.mjs" */

/**
 * @typedef {{ until: (what: string, satisfied: (heard: (event: string) => number) => boolean, seconds: number) => Promise<void>, heard: (event: string) => number }} Events
 * @typedef {{ fhirResources: { resourceType: string }[], results: { modelMilliseconds?: number }[] }} Details
 */

const SECONDS = 300;

/**
 * A brain MR of a patient of its own.
 *
 * @param {number} seed
 * @param {number} slices
 * @returns {Promise<Image[]>}
 */
export function study(seed, slices) {
  const patient = { name: "Bench^Mark", id: `BENCH-${seed}`, birthDate: "19700101", sex: "O" };
  return phantomImages({ seed, slices, patient });
}

/**
 * Stores a study and waits until FHIR has what comes of it.
 *
 * @param {Stack} stack
 * @param {Events} events
 * @param {string} token
 * @param {readonly Image[]} images
 * @param {string} resourceType of the last resource: DiagnosticReport, or ImagingStudy where no model looks
 * @returns {Promise<{ stored: number, reported: number, modelMilliseconds: number }>} times of `performance.now()`
 */
export async function reportedStudy(stack, events, token, images, resourceType) {
  await storeImages(stack.orthancUrl, orthancAuthorization(stack), images);
  const stored = performance.now();
  return { stored, ...(await reported(stack, events, token, images, resourceType)) };
}

/**
 * @param {Stack} stack
 * @param {Events} events
 * @param {string} token
 * @param {readonly Image[]} images
 * @param {string} resourceType
 */
export async function reported(stack, events, token, images, resourceType) {
  const headers = { Authorization: `Bearer ${token}` };
  for (;;) {
    // Before the look: an event between the look and the wait must not be waited for again.
    const synchronised = events.heard("study.synchronised");
    const answer = await fetch(`${stack.address}/api/studies/${images[0]?.studyInstanceUid ?? ""}`, {
      headers,
    });
    const details = answer.ok ? /** @type {Details} */ (await answer.json()) : undefined;
    if (details?.fhirResources.some((resource) => resource.resourceType === resourceType))
      return {
        reported: performance.now(),
        modelMilliseconds: details.results[0]?.modelMilliseconds ?? 0,
      };
    await events.until("FHIR", (heard) => heard("study.synchronised") > synchronised, SECONDS);
  }
}
