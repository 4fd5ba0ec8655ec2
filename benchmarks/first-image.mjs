import { imagesOf, KINDS, samplesOf } from "./measure/kinds.mjs";
import { median } from "./measure/result.mjs";
import { onStack, orthancAuthorization, storeImages } from "./measure/running-stack.mjs";
import { openViewer, UNCOMPRESSED } from "./measure/viewer-page.mjs";

const ROUNDS = 3;
const LINE = { megabitsPerSecond: 20, latencyMilliseconds: 20 };

/**
 * What somebody waits for in our viewer, in Chromium: from the first question for a frame to the first picture of any
 * quality, and to full quality, of a CT and a mammogram; HTJ2K against uncompressed frames through the same door, on a
 * line of 20 Mbit/s and 20 ms, and on none. And from going to a study's page to the first picture and the whole image,
 * beside OHIF's first picture, with the pages' code in the browser's cache and without.
 *
 * @returns {Promise<import("./measure/result.mjs").Measurement>}
 */
export async function measure() {
  return onStack(async (stack, events) => {
    /** @param {import("./measure/kinds.mjs").Kind} kind @param {number} count studies of one image each */
    const studiesOf = async (kind, count) => {
      const pixels = [samplesOf(kind, 1)];
      const images = Array.from({ length: count }, () => imagesOf(kind, { count: 1, pixels })).flat();
      const rendered = events.heard("instance.rendered") + count;
      await storeImages(stack.orthancUrl, orthancAuthorization(stack), images);
      await events.until("renditions", (heard) => heard("instance.rendered") >= rendered, 120);
      return images.map(({ studyInstanceUid }) => studyInstanceUid);
    };
    const [warmUpStudy = ""] = await studiesOf(KINDS.ct, 1);
    const viewer = await openViewer({
      address: stack.address,
      password: stack.secrets.doctorPassword,
      warmUpStudy,
    });
    try {
      /** @param {import("./measure/kinds.mjs").Kind} kind @param {typeof LINE} [line] */
      const compare = async (kind, line) => {
        const studies = await studiesOf(kind, 2 * (ROUNDS + 1));
        const rounds = [];
        for (let round = 0; round <= ROUNDS; round += 1) {
          const on = line === undefined ? {} : { line };
          const htj2k = await viewer.timesOf(studies.pop() ?? "", on);
          const uncompressed = await viewer.timesOf(studies.pop() ?? "", { ...on, accept: UNCOMPRESSED });
          if (!htj2k.syntax.endsWith(".4.202") || uncompressed.syntax.endsWith(".4.202"))
            throw new Error(`the viewer showed ${htj2k.syntax} and ${uncompressed.syntax}`);
          // The first round warms up decoders and caches of both sides.
          if (round > 0) rounds.push({ htj2k, uncompressed });
        }
        return {
          first: median(rounds.map(({ htj2k }) => htj2k.first)),
          whole: median(rounds.map(({ htj2k }) => htj2k.whole)),
          uncompressed: median(rounds.map(({ uncompressed }) => uncompressed.whole)),
        };
      };
      /** @param {import("./measure/kinds.mjs").Kind} kind @param {{ line?: typeof LINE, cold?: boolean }} [how] */
      const besideOhif = async (kind, how) => {
        const studies = await studiesOf(kind, ROUNDS + 1);
        const rounds = [];
        for (const [round, study] of studies.entries()) {
          const times = await viewer.pageTimes(study, how);
          // The first round brings both pages' code into the browser's cache.
          if (round > 0) rounds.push(times);
        }
        return {
          first: median(rounds.map(({ first }) => first)),
          whole: median(rounds.map(({ whole }) => whole)),
          ohif: median(rounds.map(({ ohif }) => ohif)),
        };
      };
      const pageOfCt = await besideOhif(KINDS.ct, { line: LINE });
      const coldPageOfCt = await besideOhif(KINDS.ct, { line: LINE, cold: true });
      const pageOfMammogram = await besideOhif(KINDS.mammography, { line: LINE });
      const coldPageOfMammogram = await besideOhif(KINDS.mammography, { line: LINE, cold: true });
      const pageOfCtAtOnce = await besideOhif(KINDS.ct);
      const ct = await compare(KINDS.ct, LINE);
      const mammogram = await compare(KINDS.mammography, LINE);
      const ctAtOnce = await compare(KINDS.ct);
      const mammogramAtOnce = await compare(KINDS.mammography);
      return {
        metrics: {
          ctFirstMilliseconds: ct.first,
          ctWholeMilliseconds: ct.whole,
          ctUncompressedMilliseconds: ct.uncompressed,
          mammogramFirstMilliseconds: mammogram.first,
          mammogramWholeMilliseconds: mammogram.whole,
          mammogramUncompressedMilliseconds: mammogram.uncompressed,
          unthrottledCtFirstMilliseconds: ctAtOnce.first,
          unthrottledCtWholeMilliseconds: ctAtOnce.whole,
          unthrottledCtUncompressedMilliseconds: ctAtOnce.uncompressed,
          unthrottledMammogramFirstMilliseconds: mammogramAtOnce.first,
          unthrottledMammogramWholeMilliseconds: mammogramAtOnce.whole,
          unthrottledMammogramUncompressedMilliseconds: mammogramAtOnce.uncompressed,
          ...pageMetrics("ct", pageOfCt),
          ...pageMetrics("coldCt", coldPageOfCt),
          ...pageMetrics("unthrottledCt", pageOfCtAtOnce),
          ...pageMetrics("mammogram", pageOfMammogram),
          ...pageMetrics("coldMammogram", coldPageOfMammogram),
          ctWholeRatio: ct.whole / ct.uncompressed,
          mammogramWholeRatio: mammogram.whole / mammogram.uncompressed,
        },
        ratio: mammogram.first / mammogram.uncompressed,
        of: "time to the first picture of a mammogram, HTJ2K over uncompressed, 20 Mbit/s and 20 ms",
        target: { atMost: 0.5 },
      };
    } finally {
      await viewer.close();
    }
  });
}

/**
 * @param {string} name
 * @param {{ first: number, whole: number, ohif: number }} times
 * @returns {Record<string, number>}
 */
function pageMetrics(name, { first, whole, ohif }) {
  return {
    [`${name}PageFirstMilliseconds`]: first,
    [`${name}PageMilliseconds`]: whole,
    [`${name}OhifPageMilliseconds`]: ohif,
    [`${name}PageFirstOverOhif`]: first / ohif,
    [`${name}PageOverOhif`]: whole / ohif,
  };
}
