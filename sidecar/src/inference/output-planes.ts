import { AnalysisError } from "./analysis-error.js";
import type { NetworkOutput } from "./model-manifest.js";
import { valuesWithin } from "./values-within.js";

/** Shape of an output's tensor for planes of rows × columns, as the network lays it out. */
export function shapeOf(output: NetworkOutput, planes: number, rows: number, columns: number): number[] {
  if (output.kind === "vector") return [planes, output.channels];
  const stride = output.kind === "map" ? output.stride : 1;
  const [down, across] = [rows / stride, columns / stride];
  return output.layout === "NHWC"
    ? [planes, down, across, output.channels]
    : [planes, output.channels, down, across];
}

/**
 * An output's tensor as planes with the channels of a pixel next to each other, whatever its layout.
 * @param shape what the network says it answered with
 * @throws AnalysisError `model-output-invalid` when shape or values are not what the manifest says
 */
export function planesOf(
  output: NetworkOutput,
  values: Float32Array,
  shape: readonly number[],
  { planes, rows, columns }: { planes: number; rows: number; columns: number },
): Float32Array[] {
  const expected = shapeOf(output, planes, rows, columns);
  const size = expected.reduce((product, side) => product * side, 1);
  if (shape.join() !== expected.join() || values.length !== size)
    throw new AnalysisError(
      "model-output-invalid",
      `the network's output ${output.name} has the shape ${shape.join(" × ")} instead of ${expected.join(" × ")}`,
    );
  if (!valuesWithin(values, output.range))
    throw new AnalysisError(
      "model-output-invalid",
      `the network's output ${output.name} has values outside of ${output.range.join(" to ")}`,
    );
  const each = size / planes;
  return Array.from({ length: planes }, (_, plane) => {
    const one = values.slice(plane * each, (plane + 1) * each);
    return output.kind !== "vector" && output.layout === "NCHW" ? channelsLast(one, output.channels) : one;
  });
}

function channelsLast(values: Float32Array, channels: number): Float32Array {
  if (channels === 1) return values;
  const pixels = values.length / channels;
  const result = new Float32Array(values.length);
  for (let channel = 0; channel < channels; channel++) {
    for (let pixel = 0; pixel < pixels; pixel++)
      result[pixel * channels + channel] = values[channel * pixels + pixel] ?? 0;
  }
  return result;
}
