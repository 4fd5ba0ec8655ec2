import { TISSUE, createHead, type PointMm, type Tissue } from "./head.js";
import { SeededRandom, mix, spatialNoise } from "./random.js";

/** A stroke as it looks in a CT without contrast medium: an infarct is darker than the brain, fresh blood brighter. */
export interface StrokePlan {
  readonly kind: "infarct" | "haemorrhage";
  readonly centreMm: PointMm;
  readonly radiusMm: number;
}

export interface CtHeadOptions {
  /** Decides the anatomy: the same head as `createHead` makes of it. */
  readonly seed: number;
  /** "random": anywhere in the cerebrum; "none": a healthy head; or a given one. */
  readonly stroke: "random" | "none" | StrokePlan;
}

/** Evaluates the head at a point. */
export interface CtHead {
  readonly stroke: StrokePlan | undefined;
  at(xMm: number, yMm: number, zMm: number): { hounsfield: number; inStroke: boolean };
}

/** Hounsfield units at 120 kV, about the middle of what textbooks give. */
const HOUNSFIELD: Readonly<Record<Tissue, number>> = {
  [TISSUE.air]: -1000,
  [TISSUE.scalp]: -80,
  [TISSUE.skull]: 1100,
  [TISSUE.softTissue]: 50,
  [TISSUE.csf]: 8,
  [TISSUE.grey]: 38,
  [TISSUE.white]: 29,
  [TISSUE.vessel]: 45,
  [TISSUE.eye]: 12,
  [TISSUE.lesion]: 38,
};
const BRAIN: ReadonlySet<Tissue> = new Set([TISSUE.grey, TISSUE.white, TISSUE.vessel]);

/**
 * A head as it looks in a CT without contrast medium, different for each seed: the anatomy of `createHead`, calcified
 * plexus and pineal gland that are no haemorrhage, cupping as beam hardening leaves it, and perhaps one stroke.
 */
export function createCtHead({ seed, stroke: wanted }: CtHeadOptions): CtHead {
  const anatomy = createHead({ seed, lesion: "none" });
  const random = new SeededRandom(seed * 13 + 3);
  const detail = spatialNoise(seed * 17 + 1);
  const shading = spatialNoise(seed * 17 + 2);
  const shadingHu = random.between(0.5, 3);
  const calcified = calcifications(random);
  const plan = wanted === "random" ? randomStroke(random) : wanted === "none" ? undefined : wanted;
  const stroke = plan && strokeModel(plan, random, seed);
  return {
    stroke: plan,
    at(x, y, z) {
      const { tissue } = anatomy.at(x, y, z);
      let hounsfield = HOUNSFIELD[tissue];
      if (tissue === TISSUE.air) return { hounsfield, inStroke: false };
      hounsfield += shadingHu * shading(x / 70, y / 70, z / 70) + 1.5 * detail(x / 5, y / 5, z / 6);
      if (!BRAIN.has(tissue)) return { hounsfield, inStroke: false };
      for (const { at, radiusMm, hounsfield: chalk } of calcified)
        if (Math.hypot(x - at[0], y - at[1], z - at[2]) < radiusMm) hounsfield = chalk;
      if (stroke === undefined) return { hounsfield, inStroke: false };
      const share = stroke.share(x, y, z);
      return { hounsfield: mix(hounsfield, stroke.hounsfield(hounsfield), share), inStroke: share >= 0.5 };
    },
  };
}

/** Chalk in the choroid plexus of both sides and in the pineal gland, as most adults have it. */
function calcifications(random: SeededRandom) {
  const spots: { at: PointMm; radiusMm: number; hounsfield: number }[] = [];
  const places: PointMm[] = [
    [24, 30, 8],
    [-24, 30, 8],
    [0, 22, 4],
  ];
  for (const [x, y, z] of places) {
    if (!random.chance(0.6)) continue;
    spots.push({
      at: [x + random.between(-4, 4), y + random.between(-4, 4), z + random.between(-3, 3)],
      radiusMm: random.between(1, 2.8),
      hounsfield: random.between(70, 220),
    });
  }
  return spots;
}

function randomStroke(random: SeededRandom): StrokePlan {
  const side = random.chance(0.5) ? 1 : -1;
  if (random.chance(0.4))
    return {
      kind: "haemorrhage",
      centreMm: [side * random.between(16, 42), random.between(-35, 40), random.between(-5, 45)],
      radiusMm: random.between(5, 17),
    };
  return {
    kind: "infarct",
    centreMm: [side * random.between(26, 48), random.between(-45, 45), random.between(-5, 45)],
    radiusMm: random.between(9, 27),
  };
}

function strokeModel(
  { kind, centreMm: [cx, cy, cz], radiusMm }: StrokePlan,
  random: SeededRandom,
  seed: number,
) {
  const noise = spatialNoise(seed * 17 + 3);
  const stretch: PointMm = [random.between(0.7, 1.1), random.between(0.9, 1.4), random.between(0.8, 1.2)];
  const edgeMm = kind === "infarct" ? random.between(3, 8) : random.between(1, 3);
  // Early infarcts are 4 HU below the brain, later ones 14; clotted blood is 50 to 80 HU.
  const loss = random.between(4, 14);
  const blood = random.between(52, 80);
  return {
    share(x: number, y: number, z: number): number {
      const [u, v, w] = [(x - cx) / stretch[0], (y - cy) / stretch[1], (z - cz) / stretch[2]];
      const distance = Math.sqrt(u * u + v * v + w * w) + 1e-6;
      const wobble = noise((1.5 * u) / distance + 5, (1.5 * v) / distance + 5, (1.5 * w) / distance + 5);
      const depth = radiusMm * (1 + 0.2 * wobble) - distance;
      return Math.min(1, Math.max(0, 0.5 + depth / edgeMm));
    },
    /** Infarcted grey matter loses more than white: the border between the two fades. */
    hounsfield(brain: number): number {
      return kind === "haemorrhage" ? blood : Math.min(brain, 33) - loss;
    },
  };
}
