import { onStack, orthancAuthorization, storeImages } from "./measure/running-stack.mjs";
import { median } from "./measure/result.mjs";
import { openViewer } from "./measure/viewer-page.mjs";
import { demoCt } from "./measure/images.mjs";

const SLICES = 200;
const ROUNDS = 3;

/**
 * Scrolling through a CT of 200 slices of 512 × 512, all of them in memory, one turn of the wheel in each frame of the
 * browser: different pictures on screen a second, in our viewer and in OHIF, in turns in the same browser.
 *
 * @returns {Promise<import("./measure/result.mjs").Measurement>}
 */
export async function measure() {
  return onStack(
    async (stack, events) => {
      const images = await demoCt({ seed: 7, stroke: "none", slices: SLICES, rows: 512, columns: 512 });
      await storeImages(stack.orthancUrl, orthancAuthorization(stack), images);
      await events.until("renditions", (heard) => heard("instance.rendered") >= SLICES, 600);
      const study = images[0]?.studyInstanceUid ?? "";
      const viewer = await openViewer({
        address: stack.address,
        password: stack.secrets.doctorPassword,
        warmUpStudy: study,
      });
      try {
        const rounds = [];
        for (let round = 0; round < ROUNDS; round += 1) rounds.push(await viewer.scrollTimes(study, SLICES));
        const [ours, ohif] = [median(rounds.map((one) => one.ours)), median(rounds.map((one) => one.ohif))];
        return {
          metrics: { framesPerSecond: ours, ohifFramesPerSecond: ohif, slices: SLICES },
          ratio: ours / ohif,
          of: "different pictures a second while a CT of 200 slices is scrolled through, over OHIF's",
          target: { atLeast: 1 },
        };
      } finally {
        await viewer.close();
      }
    },
    undefined,
    // No model is asked: it would compete for the processor.
    { NEURONOVA_STABLE_AFTER_SECONDS: "3600" },
  );
}
