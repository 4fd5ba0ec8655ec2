import * as tf from "@tensorflow/tfjs";

/**
 * A 2D U-Net (Ronneberger et al., 2015) without normalisation layers: one channel in, the probability of lesion out.
 * Rows and columns are free as long as they are multiples of 2 to the power of `depth`.
 */
export function createUNet({
  base,
  depth,
  seed,
}: {
  base: number;
  depth: number;
  seed: number;
}): tf.LayersModel {
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
  const skips: tf.SymbolicTensor[] = [];
  let features: tf.SymbolicTensor = input;
  for (let level = 0; level < depth; level++) {
    features = convolve(convolve(features, base * 2 ** level), base * 2 ** level);
    skips.push(features);
    features = tf.layers.maxPooling2d({ poolSize: 2 }).apply(features) as tf.SymbolicTensor;
  }
  features = convolve(convolve(features, base * 2 ** depth), base * 2 ** depth);
  for (const [level, skip] of [...skips.entries()].reverse()) {
    const up = tf.layers.upSampling2d({ size: [2, 2] }).apply(features) as tf.SymbolicTensor;
    const joined = tf.layers
      .concatenate()
      .apply([convolve(up, base * 2 ** level), skip]) as tf.SymbolicTensor;
    features = convolve(convolve(joined, base * 2 ** level), base * 2 ** level);
  }
  const output = tf.layers
    .conv2d({
      filters: 1,
      kernelSize: 1,
      activation: "sigmoid",
      kernelInitializer: tf.initializers.heNormal({ seed: ++layerSeed }),
      // Lesions are rare. Starting at 0.5 the first steps would push everything down until the features die.
      biasInitializer: tf.initializers.constant({ value: -4 }),
      name: "probability",
    })
    .apply(features) as tf.SymbolicTensor;
  return tf.model({ inputs: input, outputs: output, name: "u_net" });
}
