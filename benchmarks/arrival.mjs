import { phantomImages } from "./measure/images.mjs";
import { percentile } from "./measure/result.mjs";
import { onStack, orthancAuthorization, storeImages } from "./measure/running-stack.mjs";

const STUDIES = 12;
const SLICES = 24;
/** As scripts/local-stack/sidecar-environment.mjs sets it. */
const STABILITY_WINDOW_MILLISECONDS = 1000;

/** @typedef {{ fhirResources: { resourceType: string }[], results: { modelMilliseconds: number }[] }} Details */

/**
 * From the last instance stored to SEG and SR in Orthanc and the DiagnosticReport in FHIR, without the stability
 * window and the network's own time. One study after the other, with no pause: the results of one are still being
 * recorded while the next arrives.
 *
 * @returns {Promise<import("./measure/result.mjs").Measurement>}
 */
export async function measure() {
  /** @type {import("./measure/images.mjs").Image[][]} */
  const studies = [];
  for (let seed = 1; seed <= STUDIES; seed += 1) {
    studies.push(
      await phantomImages({
        seed,
        slices: SLICES,
        patient: { name: "Bench^Mark", id: `BENCH-${seed}`, birthDate: "19700101", sex: "O" },
      }),
    );
  }
  /** @type {Map<string, number>} when an event of the images' series was heard last */
  const heardAt = new Map();
  let current = "";
  return onStack(
    async (stack, events, token) => {
      const headers = { Authorization: `Bearer ${token}` };
      const rounds = [];
      for (const images of studies) {
        const [{ studyInstanceUid, seriesInstanceUid }] =
          /** @type {[import("./measure/images.mjs").Image]} */ (images);
        current = seriesInstanceUid;
        heardAt.clear();
        const succeeded = events.heard("analysis.succeeded");
        await storeImages(stack.orthancUrl, orthancAuthorization(stack), images);
        const stored = performance.now();
        await events.until("analysis", (heard) => heard("analysis.succeeded") > succeeded, 60);
        for (;;) {
          // Before the look: an event between the look and the wait must not be waited for again.
          const synchronised = events.heard("study.synchronised");
          const answer = await fetch(`${stack.address}/api/studies/${studyInstanceUid}`, { headers });
          const details = /** @type {Details} */ (await answer.json());
          if (details.fhirResources.some(({ resourceType }) => resourceType === "DiagnosticReport")) {
            rounds.push(
              stagesOf(stored, performance.now(), details.results[0]?.modelMilliseconds ?? 0, heardAt),
            );
            break;
          }
          await events.until("FHIR", (heard) => heard("study.synchronised") > synchronised, 60);
        }
      }
      return resultOf(rounds);
    },
    ({ event, seriesInstanceUid }) => {
      if (seriesInstanceUid === current) heardAt.set(event, performance.now());
    },
  );
}

/**
 * @typedef {Record<"overhead" | "arrival" | "stability" | "start" | "analysis" | "fhir" | "model", number>} Stages
 *   milliseconds: the whole overhead; to the last instance.arrived; from there to series.stable, without the window;
 *   to analysis.started; to analysis.succeeded, without the network; to the DiagnosticReport; and the network itself
 *
 * @param {number} stored
 * @param {number} reported
 * @param {number} model
 * @param {ReadonlyMap<string, number>} heardAt
 * @returns {Stages}
 */
function stagesOf(stored, reported, model, heardAt) {
  /** @param {string} event */
  const at = (event) => heardAt.get(event) ?? Number.NaN;
  return {
    overhead: reported - stored - STABILITY_WINDOW_MILLISECONDS - model,
    arrival: at("instance.arrived") - stored,
    stability: at("series.stable") - at("instance.arrived") - STABILITY_WINDOW_MILLISECONDS,
    start: at("analysis.started") - at("series.stable"),
    analysis: at("analysis.succeeded") - at("analysis.started") - model,
    fhir: reported - at("analysis.succeeded"),
    model,
  };
}

/**
 * @param {readonly Stages[]} rounds
 * @returns {import("./measure/result.mjs").Measurement}
 */
function resultOf(rounds) {
  // The first study warms up.
  const measured = rounds.slice(1);
  /** @param {keyof Stages} stage @param {number} share */
  const of = (stage, share) =>
    percentile(
      measured.map((stages) => stages[stage]),
      share,
    );
  const p95 = of("overhead", 0.95);
  // Where the slowest one lost its time: the other figures cannot tell.
  const [slowest] = [...measured].sort((a, b) => b.overhead - a.overhead);
  return {
    metrics: {
      p50Milliseconds: of("overhead", 0.5),
      p95Milliseconds: p95,
      studies: measured.length,
      ofWhichArrivalP50Milliseconds: of("arrival", 0.5),
      ofWhichStabilityP50Milliseconds: of("stability", 0.5),
      ofWhichStartP50Milliseconds: of("start", 0.5),
      ofWhichAnalysisP50Milliseconds: of("analysis", 0.5),
      ofWhichFhirP50Milliseconds: of("fhir", 0.5),
      notCountedModelP50Milliseconds: of("model", 0.5),
      slowestArrivalMilliseconds: slowest?.arrival ?? Number.NaN,
      slowestStabilityMilliseconds: slowest?.stability ?? Number.NaN,
      slowestStartMilliseconds: slowest?.start ?? Number.NaN,
      slowestAnalysisMilliseconds: slowest?.analysis ?? Number.NaN,
      slowestFhirMilliseconds: slowest?.fhir ?? Number.NaN,
    },
    ratio: p95 / STABILITY_WINDOW_MILLISECONDS,
    of: "p95 of the overhead over the stability window of one second",
    target: { atMost: 1 },
  };
}
