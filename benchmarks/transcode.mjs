import { bareCodec } from "./measure/bare-codec.mjs";
import { cpuSeconds } from "./measure/cpu-seconds.mjs";
import { bytesOf, imagesOf, KINDS, samplesOf } from "./measure/kinds.mjs";
import { median } from "./measure/result.mjs";
import { onStack, orthancAuthorization, storeImages } from "./measure/running-stack.mjs";

/** @typedef {import("./measure/kinds.mjs").Kind} Kind */

const ROUNDS = 3;
const DIFFERENT_IMAGES = 10;
const MEGABYTES_IN_A_ROUND = 105;

/**
 * Raw MB per CPU-second of the whole pipeline (every sidecar process, from arrival to the attached rendition) against
 * the bare codec doing the same encode, decode and compare on the same frames in one thread. The ratio is that of CT.
 *
 * @returns {Promise<import("./measure/result.mjs").Measurement>}
 */
export async function measure() {
  return onStack(async (stack, events) => {
    const processes = Object.values(stack.processes).filter(({ name }) => name.startsWith("sidecar"));
    const pids = processes.map(({ pid }) => pid ?? 0);
    const transcoder = processes
      .filter(({ name }) => name === "sidecar-transcoding")
      .map(({ pid }) => pid ?? 0);
    /** @param {Kind} kind */
    const measureKind = async (kind) => {
      const megabytes = bytesOf(kind) / 1e6;
      const count = Math.max(6, Math.round(MEGABYTES_IN_A_ROUND / megabytes));
      const different = Math.min(DIFFERENT_IMAGES, count);
      const pixels = Array.from({ length: different }, (_, index) => samplesOf(kind, index + 1));
      /** @type {{ pipeline: number, transcoding: number, bare: number, seconds: number }[]} */
      const rounds = [];
      for (let round = 0; round <= ROUNDS; round += 1) {
        const images = imagesOf(kind, { count, pixels });
        const rendered = events.heard("instance.rendered") + count;
        const before = cpuSeconds(pids);
        const transcoderBefore = cpuSeconds(transcoder);
        const began = performance.now();
        await storeImages(stack.orthancUrl, orthancAuthorization(stack), images);
        await events.until("renditions", (heard) => heard("instance.rendered") >= rendered, 120);
        const seconds = (performance.now() - began) / 1000;
        const pipeline = cpuSeconds(pids) - before;
        const transcoding = cpuSeconds(transcoder) - transcoderBefore;
        const bare = await bareCodec(images, kind);
        // The first round warms up both sides.
        if (round > 0) rounds.push({ pipeline, transcoding, bare, seconds });
      }
      /** @param {"pipeline" | "transcoding" | "bare" | "seconds"} key */
      const perSecond = (key) => median(rounds.map((round) => (count * megabytes) / round[key]));
      return { perSecond, ratio: median(rounds.map(({ pipeline, bare }) => bare / pipeline)) };
    };
    const ct = await measureKind(KINDS.ct);
    const mr = await measureKind(KINDS.mr);
    const mammography = await measureKind(KINDS.mammography);
    const ultrasound = await measureKind(KINDS.ultrasound);
    return {
      metrics: {
        pipelineMegabytesPerCpuSecond: ct.perSecond("pipeline"),
        transcodingRoleMegabytesPerCpuSecond: ct.perSecond("transcoding"),
        bareCodecMegabytesPerCpuSecond: ct.perSecond("bare"),
        pipelineMegabytesPerSecond: ct.perSecond("seconds"),
        mrRatio: mr.ratio,
        mammographyRatio: mammography.ratio,
        ultrasoundRatio: ultrasound.ratio,
        mrMegabytesPerCpuSecond: mr.perSecond("pipeline"),
        mammographyMegabytesPerCpuSecond: mammography.perSecond("pipeline"),
        ultrasoundMegabytesPerCpuSecond: ultrasound.perSecond("pipeline"),
      },
      ratio: ct.ratio,
      of: "pipeline over bare codec, raw MB per CPU-second, CT 512 × 512 × 16 bit",
      target: { atLeast: 0.75 },
    };
  });
}
