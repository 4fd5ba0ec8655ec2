import { percentile } from "./measure/result.mjs";
import { reported, reportedStudy, study } from "./measure/reported-studies.mjs";
import { onStack, orthancAuthorization, storeImages } from "./measure/running-stack.mjs";

const STUDIES = 12;
const SLICES = 24;
const ROUNDS = 5;
const MANY_SLICES = 300;
const MANY_ROUNDS = 3;
const AT_ONCE = 20;
/** As scripts/local-stack/sidecar-environment.mjs sets it. */
const STABILITY_WINDOW_MILLISECONDS = 1000;

/**
 * From the last instance stored to SEG and SR in Orthanc and the DiagnosticReport in FHIR, without the stability
 * window and the network's own time. One study after the other, with no pause: the results of one are still being
 * recorded while the next arrives. Beside it a single image, which no model looks at (to its ImagingStudy), a series of
 * 300, and 20 studies that are stored together.
 *
 * @returns {Promise<import("./measure/result.mjs").Measurement>}
 */
export async function measure() {
  // All of them before anything is measured: making images keeps this process from hearing events.
  const each = await studies(1, STUDIES, SLICES);
  const ofOneImage = await studies(101, ROUNDS, 1);
  const ofManySlices = await studies(201, MANY_ROUNDS, MANY_SLICES);
  const atOnce = await studies(301, AT_ONCE, SLICES);
  /** @type {Map<string, number>} when an event of the images' series was heard last */
  const heardAt = new Map();
  let current = "";
  return onStack(
    async (stack, events, token) => {
      const rounds = [];
      for (const images of each) {
        current = images[0]?.seriesInstanceUid ?? "";
        heardAt.clear();
        const times = await reportedStudy(stack, events, token, images, "DiagnosticReport");
        rounds.push(stagesOf(times, heardAt));
      }
      const single = [];
      for (const images of ofOneImage)
        single.push(overhead(await reportedStudy(stack, events, token, images, "ImagingStudy")));
      const many = [];
      for (const images of ofManySlices)
        many.push(await reportedStudy(stack, events, token, images, "DiagnosticReport"));
      const together = await reportedTogether(stack, events, token, atOnce);
      return resultOf(rounds, { single, many, together });
    },
    ({ event, seriesInstanceUid }) => {
      if (seriesInstanceUid === current) heardAt.set(event, performance.now());
    },
  );
}

/**
 * @param {number} firstSeed
 * @param {number} count
 * @param {number} slices
 */
function studies(firstSeed, count, slices) {
  return Promise.all(Array.from({ length: count }, (_, index) => study(firstSeed + index, slices)));
}

/**
 * Studies that arrive together: what the last of them took, and how much of it the network computed.
 *
 * @param {Parameters<typeof reported>[0]} stack
 * @param {Parameters<typeof reported>[1]} events
 * @param {string} token
 * @param {readonly Awaited<ReturnType<typeof study>>[]} images of each study
 */
async function reportedTogether(stack, events, token, images) {
  await storeImages(stack.orthancUrl, orthancAuthorization(stack), images.flat());
  const stored = performance.now();
  const ends = await Promise.all(
    images.map((ofOne) => reported(stack, events, token, ofOne, "DiagnosticReport")),
  );
  return {
    seconds: (Math.max(...ends.map((end) => end.reported)) - stored) / 1_000,
    modelSeconds: ends.reduce((sum, { modelMilliseconds }) => sum + modelMilliseconds, 0) / 1_000,
  };
}

/** @param {{ stored: number, reported: number, modelMilliseconds: number }} times */
function overhead({ stored, reported: end, modelMilliseconds }) {
  return end - stored - STABILITY_WINDOW_MILLISECONDS - modelMilliseconds;
}

/**
 * @typedef {Record<"overhead" | "arrival" | "stability" | "start" | "analysis" | "fhir" | "model", number>} Stages
 *   milliseconds: the whole overhead; to the last instance.arrived; from there to series.stable, without the window;
 *   to analysis.started; to analysis.succeeded, without the network; to the DiagnosticReport; and the network itself
 *
 * @param {{ stored: number, reported: number, modelMilliseconds: number }} times
 * @param {ReadonlyMap<string, number>} heardAt
 * @returns {Stages}
 */
function stagesOf(times, heardAt) {
  const { stored, reported: end, modelMilliseconds: model } = times;
  /** @param {string} event */
  const at = (event) => heardAt.get(event) ?? Number.NaN;
  return {
    overhead: overhead(times),
    arrival: at("instance.arrived") - stored,
    stability: at("series.stable") - at("instance.arrived") - STABILITY_WINDOW_MILLISECONDS,
    start: at("analysis.started") - at("series.stable"),
    analysis: at("analysis.succeeded") - at("analysis.started") - model,
    fhir: end - at("analysis.succeeded"),
    model,
  };
}

/**
 * @param {readonly Stages[]} rounds
 * @param {{ single: readonly number[], many: readonly Parameters<typeof overhead>[0][], together: Awaited<ReturnType<typeof reportedTogether>> }} others
 * @returns {import("./measure/result.mjs").Measurement}
 */
function resultOf(rounds, { single, many, together }) {
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
      singleImageP50Milliseconds: percentile(single, 0.5),
      slices300P50Milliseconds: percentile(many.map(overhead), 0.5),
      slices300NotCountedModelP50Milliseconds: percentile(
        many.map(({ modelMilliseconds }) => modelMilliseconds),
        0.5,
      ),
      twentyAtOnceSeconds: together.seconds,
      twentyAtOnceNotCountedModelSeconds: together.modelSeconds,
    },
    ratio: p95 / STABILITY_WINDOW_MILLISECONDS,
    of: "p95 of the overhead over the stability window of one second",
    target: { atMost: 1 },
  };
}
