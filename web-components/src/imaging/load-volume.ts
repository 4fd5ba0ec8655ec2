import { cache } from "@cornerstonejs/core";
import type { TokenProvider } from "../session/token-provider.js";
import { sharedEngine } from "./engine.js";
import { loadImage } from "./image-loads.js";
import { holdImages, releaseImages } from "./image-registry.js";
import { imageValues } from "./image-values.js";
import type { PixelValues } from "./pixel-values.js";
import type { Volume } from "./reslice.js";
import type { SeriesImage } from "./series-images.js";
import type { VolumeGrid } from "./volume-grid.js";

const AT_ONCE = 4;

/**
 * The values of all slices of a volume.
 *
 * @param progress told how many slices there are so far
 * @throws Error when a slice cannot be had: a volume with a hole would show what is not there; the signal's reason
 */
export async function loadVolume(
  images: readonly SeriesImage[],
  grid: VolumeGrid,
  token: TokenProvider,
  signal: AbortSignal,
  progress: (done: number) => void,
): Promise<Volume> {
  sharedEngine();
  holdImages(images, token);
  try {
    const voxels = new Voxels(grid);
    const left = [...images.keys()];
    let done = 0;
    const work = async () => {
      for (let index = left.shift(); index !== undefined; index = left.shift()) {
        const imageId = images[index]?.imageId ?? "";
        await loadImage(imageId, signal);
        const image = cache.getImage(imageId);
        if (image === undefined) throw new Error("there is not enough memory");
        voxels.put(index, imageValues(image));
        progress(++done);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    signal.throwIfAborted();
    return { grid, values: voxels.values };
  } finally {
    releaseImages(images);
  }
}

/** 16 bits each while all values are whole numbers of that size, else twice as much. */
class Voxels {
  values: Int16Array | Float32Array;

  constructor(private readonly grid: VolumeGrid) {
    this.values = new Int16Array(grid.columns * grid.rows * grid.slices);
  }

  /** @throws Error for a slice of another size, or colour */
  put(slice: number, { rows, columns, valueAt }: PixelValues): void {
    const { grid } = this;
    if (rows !== grid.rows || columns !== grid.columns || valueAt === undefined)
      throw new Error("an image is not what its attributes say");
    let at = slice * rows * columns;
    for (let row = 0; row < rows; row += 1)
      for (let column = 0; column < columns; column += 1, at += 1) {
        const value = valueAt(column, row);
        this.values[at] = value;
        if (this.values[at] !== value) {
          this.values = Float32Array.from(this.values);
          this.values[at] = value;
        }
      }
  }
}
