import * as tf from "@tensorflow/tfjs";

/**
 * Convolutions and two poolings down to a map of evidence, and its greatest value: the probability that the slice shows
 * a stroke. Rows and columns are free as long as they are multiples of 4.
 */
export function createStrokeNetwork({ base, seed }: { base: number; seed: number }): tf.LayersModel {
  let layerSeed = seed * 1000;
  const convolve = (input: tf.SymbolicTensor, filters: number): tf.SymbolicTensor =>
    tf.layers
      .conv2d({
        filters,
        kernelSize: 3,
        padding: "same",
        activation: "relu",
        kernelInitializer: tf.initializers.heNormal({ seed: ++layerSeed }),
      })
      .apply(input) as tf.SymbolicTensor;
  const input = tf.input({ shape: [null, null, 1], name: "image" });
  let features: tf.SymbolicTensor = input;
  for (const filters of [base, 2 * base]) {
    features = convolve(convolve(features, filters), filters);
    features = tf.layers.maxPooling2d({ poolSize: 2 }).apply(features) as tf.SymbolicTensor;
  }
  for (let depth = 0; depth < 4; depth++) features = convolve(features, 4 * base);
  const evidence = tf.layers
    .conv2d({
      filters: 1,
      kernelSize: 1,
      activation: "sigmoid",
      kernelInitializer: tf.initializers.heNormal({ seed: ++layerSeed }),
      // Strokes are rare: starting at 0.5 the first steps would push everything down until the features die.
      biasInitializer: tf.initializers.constant({ value: -3 }),
      name: "evidence",
    })
    .apply(features) as tf.SymbolicTensor;
  const risk = tf.layers.globalMaxPooling2d({ name: "risk" }).apply(evidence) as tf.SymbolicTensor;
  return tf.model({ inputs: input, outputs: [risk, evidence], name: "stroke_network" });
}
