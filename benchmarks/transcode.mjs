import { bareCodec } from "./measure/bare-codec.mjs";
import { cpuSeconds } from "./measure/cpu-seconds.mjs";
import { anotherInstance, ofModality, phantomImages } from "./measure/images.mjs";
import { median } from "./measure/result.mjs";
import { onStack, storeImages } from "./measure/running-stack.mjs";

const SIZE = 512;
const FRAME_BYTES = SIZE * SIZE * 2;
const INSTANCES = 200;
const ROUNDS = 5;

/**
 * Raw MB per CPU-second of the whole pipeline (every sidecar process, from arrival to the attached rendition) against
 * the bare codec doing the same encode, decode and compare on the same frames in one thread.
 *
 * @returns {Promise<import("./measure/result.mjs").Measurement>}
 */
export async function measure() {
  const images = await phantomImages({ seed: 5, slices: 10, rows: SIZE, columns: SIZE });
  const phantoms = images.map((image) => ofModality(image, "CT"));
  const megabytes = (INSTANCES * FRAME_BYTES) / 1e6;
  return onStack(async (stack, events) => {
    const processes = Object.values(stack.processes).filter(({ name }) => name.startsWith("sidecar"));
    const pids = processes.map(({ pid }) => pid ?? 0);
    const transcoder = processes
      .filter(({ name }) => name === "sidecar-transcoding")
      .map(({ pid }) => pid ?? 0);
    /** @type {{ pipeline: number, transcoding: number, bare: number, seconds: number }[]} */
    const rounds = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const images = Array.from({ length: INSTANCES }, (_, index) =>
        anotherInstance(phantoms[index % phantoms.length] ?? never()),
      );
      const rendered = events.heard("instance.rendered") + INSTANCES;
      const [before, transcoderBefore, began] = [cpuSeconds(pids), cpuSeconds(transcoder), performance.now()];
      await storeImages(stack, images);
      await events.until("renditions", (heard) => heard("instance.rendered") >= rendered, 120);
      const seconds = (performance.now() - began) / 1000;
      const pipeline = cpuSeconds(pids) - before;
      const transcoding = cpuSeconds(transcoder) - transcoderBefore;
      const bare = await bareCodec(images, { size: SIZE });
      // The first round warms up both sides.
      if (round > 0) rounds.push({ pipeline, transcoding, bare, seconds });
    }
    /** @param {"pipeline" | "transcoding" | "bare" | "seconds"} key */
    const of = (key) => median(rounds.map((round) => megabytes / round[key]));
    return {
      metrics: {
        pipelineMegabytesPerCpuSecond: of("pipeline"),
        transcodingRoleMegabytesPerCpuSecond: of("transcoding"),
        bareCodecMegabytesPerCpuSecond: of("bare"),
        pipelineMegabytesPerSecond: of("seconds"),
        instances: INSTANCES,
      },
      ratio: median(rounds.map(({ pipeline, bare }) => bare / pipeline)),
      of: "pipeline over bare codec, raw MB per CPU-second",
      target: { atLeast: 0.5 },
    };
  });
}

/** @returns {never} */
function never() {
  throw new Error("no phantom");
}
