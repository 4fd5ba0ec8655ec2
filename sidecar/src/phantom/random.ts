/** Numbers in [0, 1) that depend on the seed alone (sfc32: public domain, C. Doty-Humphrey). */
export class SeededRandom {
  private a: number;
  private b: number;
  private c: number;
  private d = 1;

  constructor(seed: number) {
    this.a = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 0;
    this.b = Math.imul(seed ^ 0x243f6a88, 0xc2b2ae35) | 0;
    this.c = seed | 0;
    for (let round = 0; round < 16; round++) this.next();
  }

  next(): number {
    const sum = (((this.a + this.b) | 0) + this.d) | 0;
    this.d = (this.d + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum;
    return (sum >>> 0) / 4294967296;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** A standard normal number (Box–Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }
}

/** Smooth noise over space, about −1 … 1, zero mean, with features about one unit long. */
export type SpatialNoise = (x: number, y: number, z: number) => number;

/** No value of a `SpatialNoise` is further from 0: 1.4 times a mean of contributions of at most 2 each. */
export const NOISE_BOUND = 2.8;

/** Gradient noise on the integer lattice (K. Perlin, "Improving noise", 2002); it depends on the seed alone. */
export function spatialNoise(seed: number): SpatialNoise {
  const salt = Math.imul(seed ^ 0x5bd1e995, 0x27d4eb2d);
  // Written out: most of the time that a phantom takes is spent here.
  return (x, y, z) => {
    const [i, j, k] = [Math.floor(x), Math.floor(y), Math.floor(z)];
    const [x0, y0, z0] = [x - i, y - j, z - k];
    const [x1, y1, z1] = [x0 - 1, y0 - 1, z0 - 1];
    const [u, v] = [fade(x0), fade(y0)];
    const [left, right] = [Math.imul(i, 0x8da6b343) ^ salt, Math.imul(i + 1, 0x8da6b343) ^ salt];
    const [front, back] = [Math.imul(j, 0xd8163841), Math.imul(j + 1, 0xd8163841)];
    const [low, high] = [Math.imul(k, 0xcb1ab31f), Math.imul(k + 1, 0xcb1ab31f)];
    const below = mix(
      mix(corner(left ^ front ^ low, x0, y0, z0), corner(right ^ front ^ low, x1, y0, z0), u),
      mix(corner(left ^ back ^ low, x0, y1, z0), corner(right ^ back ^ low, x1, y1, z0), u),
      v,
    );
    const above = mix(
      mix(corner(left ^ front ^ high, x0, y0, z1), corner(right ^ front ^ high, x1, y0, z1), u),
      mix(corner(left ^ back ^ high, x0, y1, z1), corner(right ^ back ^ high, x1, y1, z1), u),
      v,
    );
    return 1.4 * mix(below, above, fade(z0));
  };
}

/** The contribution of one lattice point: its random gradient times the offset from it. */
function corner(point: number, x: number, y: number, z: number): number {
  let hash = Math.imul(point ^ (point >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  const direction = (hash ^ (hash >>> 15)) & 15;
  const u = direction < 8 ? x : y;
  const v = direction < 4 ? y : direction === 12 || direction === 14 ? x : z;
  return ((direction & 1) === 0 ? u : -u) + ((direction & 2) === 0 ? v : -v);
}

export function mix(from: number, to: number, share: number): number {
  return from + (to - from) * share;
}

function fade(t: number): number {
  return t * t * t * (t * (t * 6 - 15) + 10);
}
