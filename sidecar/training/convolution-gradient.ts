import * as tf from "@tensorflow/tfjs";

/**
 * The wasm backend runs convolutions fast, but has no gradient of the filter and a slow one of the input. This
 * registers both in terms of what is fast. Stride 1, dilation 1, "same" padding, odd filters, channels last.
 */
export function registerConvolutionGradients(): void {
  tf.unregisterKernel("Conv2DBackpropInput", "wasm");
  tf.registerKernel({
    kernelName: "Conv2DBackpropInput",
    backendName: "wasm",
    kernelFunc: ({ inputs }) => {
      const { dy, filter } = inputs as { dy: tf.Tensor4D; filter: tf.Tensor4D };
      return tf.tidy(() =>
        tf.conv2d(dy, filter.reverse([0, 1]).transpose<tf.Tensor4D>([0, 1, 3, 2]), 1, "same"),
      );
    },
  });
  tf.registerKernel({
    kernelName: "Conv2DBackpropFilter",
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs }) => {
      const { x, dy } = inputs as { x: tf.Tensor4D; dy: tf.Tensor4D };
      const { filterShape } = attrs as { filterShape: [number, number, number, number] };
      return tf.tidy(() => filterGradient(x, dy, filterShape));
    },
  });
}

/**
 * For each position of the filter, dW = Xᵀ · dY over all pixels of the batch. Both are laid out with the same padding,
 * so that a shift of the filter is one offset into the flat pixels; where a shift wraps around, dY is 0.
 */
function filterGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  [height, width, channels, filters]: readonly [number, number, number, number],
): tf.Tensor {
  const [batch, rows, columns] = dy.shape;
  const [top, left] = [(height - 1) / 2, (width - 1) / 2];
  const paddedColumns = columns + width - 1;
  const pixels = batch * (rows + height - 1) * paddedColumns;
  const paddedX = tf.pad4d(x, [
    [0, 0],
    [top, top],
    [left, left],
    [0, 0],
  ]);
  const paddedDy = tf.pad4d(dy, [
    [0, 0],
    [0, height - 1],
    [0, width - 1],
    [0, 0],
  ]);
  const length = pixels - (height - 1) * paddedColumns - (width - 1);
  const byChannel = paddedX.reshape<tf.Tensor2D>([pixels, channels]).transpose<tf.Tensor2D>();
  const gradient = paddedDy.reshape<tf.Tensor2D>([pixels, filters]).slice([0, 0], [length, filters]);
  const parts: tf.Tensor2D[] = [];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const shifted = byChannel.slice([0, row * paddedColumns + column], [channels, length]);
      parts.push(tf.matMul(shifted, gradient));
    }
  }
  return tf.stack(parts).reshape([height, width, channels, filters]);
}
