import { NOISE_BOUND, SeededRandom, mix, spatialNoise, type SpatialNoise } from "./random.js";

/** Millimetres in the patient's system (PS3.3 C.7.6.2): x to the left, y to the back, z to the head. */
export type PointMm = readonly [x: number, y: number, z: number];

/** What a voxel of the phantom is mostly made of. */
export const TISSUE = {
  air: 0,
  scalp: 1,
  skull: 2,
  softTissue: 3,
  csf: 4,
  grey: 5,
  white: 6,
  vessel: 7,
  eye: 8,
  lesion: 9,
} as const;
export type Tissue = (typeof TISSUE)[keyof typeof TISSUE];

export interface LesionPlan {
  readonly centreMm: PointMm;
  readonly radiusMm: number;
}

export interface HeadOptions {
  readonly seed: number;
  /** "random": anywhere in the brain; "none": a healthy head; or a given place. */
  readonly lesion: "random" | "none" | LesionPlan;
}

/** Evaluates the head at a point: its tissue, and its signal relative to fat (1). */
export interface Head {
  readonly lesion: LesionPlan | undefined;
  at(xMm: number, yMm: number, zMm: number): { tissue: Tissue; signal: number };
}

/** An ellipsoid with its signed depth: positive inside, in about millimetres. */
type Depth = (x: number, y: number, z: number) => number;

/** Deeper outside than an ellipsoid is asked to say. */
const FAR = -1e9;
/** No boundary of a small part is wider: beyond half of it outside, a voxel has no share of the part. */
const WIDEST_EDGE_MM = 2;

/** @param edgeMm deeper outside than this, the depth is only said to be `FAR`: most voxels are, and need no root */
function ellipsoid([cx, cy, cz]: PointMm, [rx, ry, rz]: PointMm, yaw = 0, edgeMm = Infinity): Depth {
  const [cos, sin] = [Math.cos(yaw), Math.sin(yaw)];
  // The depth outside is at least (radial - 1) times the smallest radius.
  const farRadial = (1 + edgeMm / Math.min(rx, ry, rz)) ** 2;
  return (x, y, z) => {
    const dx = x - cx;
    const dy = y - cy;
    const u = (dx * cos + dy * sin) / rx;
    const v = (dy * cos - dx * sin) / ry;
    const w = (z - cz) / rz;
    const squared = u * u + v * v + w * w;
    if (squared > farRadial) return FAR;
    const radial = Math.sqrt(squared);
    if (radial < 1e-6) return Math.min(rx, ry, rz);
    const gradient = Math.sqrt((u / rx) ** 2 + (v / ry) ** 2 + (w / rz) ** 2);
    return (radial * (1 - radial)) / gradient;
  };
}

/** Share of a voxel that lies inside a boundary, from its depth: partial volume over `widthMm`. */
function share(depth: number, widthMm = 1.2): number {
  return Math.min(1, Math.max(0, 0.5 + depth / widthMm));
}

/**
 * A head as it looks in a contrast-enhanced T1-weighted brain MR, different for each seed: scalp, skull, folded
 * cortex, white matter, deep nuclei, ventricles, cerebellum, brain stem, eyes and nose (so that anterior can be told
 * from posterior), bright vessels that are no lesion, and perhaps one lesion with rim, core and oedema.
 */
export function createHead({ seed, lesion: wanted }: HeadOptions): Head {
  const random = new SeededRandom(seed);
  const shape = headShape(random);
  const signals = tissueSignals(random);
  const folds = spatialNoise(seed * 7 + 1);
  const detail = spatialNoise(seed * 7 + 2);
  const vessels = vesselTree(random);
  const ventricles = ventricleShapes(random);
  const nuclei = deepNuclei();
  const plan = wanted === "random" ? randomLesion(random, shape) : wanted === "none" ? undefined : wanted;
  const lesion = plan && lesionModel(plan, random, spatialNoise(seed * 7 + 3));
  const foldLengthMm = random.between(12, 16);

  return {
    lesion: plan,
    at(xMm, yMm, zMm) {
      // The lesion pushes what surrounds it aside.
      const [x, y, z] = lesion === undefined ? [xMm, yMm, zMm] : lesion.displace(xMm, yMm, zMm);
      let tissue: Tissue = TISSUE.air;
      let signal = signals.air;
      const paint = (kind: Tissue, value: number, cover: number): void => {
        if (cover <= 0) return;
        signal = mix(signal, value, cover);
        if (cover >= 0.5) tissue = kind;
      };

      const outline = shape.head(x, y, z);
      if (outline + 1.2 * NOISE_BOUND < -2) return { tissue, signal };
      const head = outline + 1.2 * detail(x / 40, y / 40, z / 40);
      if (head < -2) return { tissue, signal };
      const texture = 1 + 0.05 * detail(x / 3, y / 3, z / 6);
      paint(TISSUE.scalp, signals.fat * texture, share(head));
      paint(TISSUE.softTissue, signals.muscle * (1 + 0.25 * detail(x / 7, y / 7, z / 9)), share(head - 6, 3));
      const orbit = shape.orbits(x, y, z);
      paint(TISSUE.scalp, signals.fat * texture, share(orbit, 2));
      paint(TISSUE.eye, signals.csf * 1.3, share(shape.eyes(x, y, z)));
      paint(TISSUE.air, signals.air, share(shape.sinuses(x, y, z), 2));

      const cerebrum = shape.cerebrum(x, y, z);
      const hindbrain = shape.hindbrain(x, y, z);
      const brain = Math.max(cerebrum, hindbrain) + 0.8 * detail(x / 25, y / 25, z / 25);
      paint(TISSUE.skull, signals.bone, share(brain + 8) * share(head - 5));
      paint(TISSUE.csf, signals.csf, share(brain + 2.2) * share(head - 7));
      if (brain > -2) {
        paint(TISSUE.grey, signals.grey * texture, share(brain));
        if (cerebrum >= hindbrain) {
          paintCerebrum(x, y, z, cerebrum);
        } else {
          const folia = Math.abs(detail(x / 6, y / 2.6, z / 4));
          paint(TISSUE.white, signals.white * texture, share(hindbrain - 5 - 9 * folia, 3) * 0.8);
        }
        for (const nucleus of nuclei)
          paint(TISSUE.grey, signals.grey * 1.06 * texture, share(nucleus(x, y, z), 2));
        for (const ventricle of ventricles) paint(TISSUE.csf, signals.csf, share(ventricle(x, y, z), 1.6));
      }
      const nearBrain = share(brain + 3);
      if (nearBrain > 0) paint(TISSUE.vessel, signals.vessel, share(vessels(x, y, z)) * nearBrain);
      if (lesion !== undefined) {
        const depth = lesion.depth(xMm, yMm, zMm);
        if (brain > 0) signal *= 1 - lesion.oedema * share(depth + lesion.oedemaMm, 10) * (1 - share(depth));
        if (brain > -1) paint(TISSUE.lesion, lesion.signal(depth, texture), share(depth) * share(brain + 1));
      }
      return { tissue, signal };

      function paintCerebrum(px: number, py: number, pz: number, depth: number): void {
        // Sulci run where a warped noise crosses zero; they end about 17 mm below the surface.
        const warp = 5 * detail(px / 16 + 9, py / 16, pz / 20);
        const [u, v, w] = [0.8 * px + 0.6 * py + warp, 0.8 * py - 0.6 * px - warp, pz + 0.2 * px];
        const ridge = Math.abs(folds(u / foldLengthMm, v / foldLengthMm, w / (1.4 * foldLengthMm)));
        const toSulcus = 10 * ridge + Math.max(0, depth - 14) * 1.2;
        // The fissure between the hemispheres, closed where the corpus callosum joins them.
        const bridged = shape.callosum(px, py, pz);
        const toFissure = Math.abs(px + shape.midlineBend(py)) + Math.max(0, bridged) * 4;
        const toCsf = Math.min(depth, toSulcus, toFissure);
        paint(TISSUE.white, signals.white * texture, share(toCsf - 3, 2));
        paint(
          TISSUE.csf,
          signals.csf * 1.25,
          share(0.9 - Math.min(toSulcus, toFissure), 1.4) * share(depth - 0.5),
        );
      }
    },
  };
}

interface HeadShape {
  readonly head: Depth;
  readonly orbits: Depth;
  readonly eyes: Depth;
  readonly sinuses: Depth;
  readonly cerebrum: Depth;
  readonly hindbrain: Depth;
  readonly callosum: Depth;
  readonly midlineBend: (y: number) => number;
}

function headShape(random: SeededRandom): HeadShape {
  const width = random.between(0.94, 1.05);
  const length = random.between(0.94, 1.04);
  const tilt = random.between(-0.06, 0.06);
  const bend = random.between(-1.5, 1.5);
  const at = (x: number, y: number, z: number, rx: number, ry: number, rz: number): Depth =>
    ellipsoid([x * width, y * length, z], [rx * width, ry * length, rz], tilt);
  const small = (x: number, y: number, z: number, rx: number, ry: number, rz: number): Depth =>
    ellipsoid([x * width, y * length, z], [rx * width, ry * length, rz], tilt, WIDEST_EDGE_MM);
  const union = (...parts: Depth[]): Depth => {
    return (x, y, z) => {
      let depth = FAR;
      for (const each of parts) depth = Math.max(depth, each(x, y, z));
      return depth;
    };
  };
  return {
    head: union(at(0, 0, -6, 77, 97, 96), at(0, -100, -50, 12, 20, 26), at(0, 5, -90, 52, 60, 70)),
    orbits: union(small(-32, -58, -40, 18, 25, 17), small(32, -58, -40, 18, 25, 17)),
    eyes: union(small(-32, -68, -40, 12, 12, 12), small(32, -68, -40, 12, 12, 12)),
    sinuses: union(
      small(0, -66, -48, 11, 22, 16),
      small(-30, -52, -66, 14, 16, 14),
      small(30, -52, -66, 14, 16, 14),
    ),
    cerebrum: union(at(0, 0, 14, 65, 84, 66), at(-42, -8, -26, 24, 40, 22), at(42, -8, -26, 24, 40, 22)),
    hindbrain: union(at(-22, 46, -42, 30, 28, 22), at(22, 46, -42, 30, 28, 22), at(0, 18, -48, 15, 14, 40)),
    callosum: at(0, 2, 8, 40, 44, 26),
    midlineBend: (y) => bend * Math.sin(y / 40),
  };
}

function tissueSignals(random: SeededRandom) {
  const about = (value: number): number => value * random.between(0.92, 1.08);
  return {
    air: 0.015,
    fat: about(0.95),
    bone: about(0.1),
    muscle: about(0.42),
    csf: about(0.17),
    grey: about(0.47),
    white: about(0.64),
    vessel: about(1.02),
  };
}

/** A part inside the brain, its boundary at most `WIDEST_EDGE_MM` wide. */
const part = (centre: PointMm, radii: PointMm, yaw = 0): Depth =>
  ellipsoid(centre, radii, yaw, WIDEST_EDGE_MM);

function ventricleShapes(random: SeededRandom): Depth[] {
  const size = random.between(0.75, 1.3);
  const shapes: Depth[] = [part([0, 4, 0], [2 * size, 13, 9]), part([0, 33, -36], [6, 5, 9])];
  for (const side of [-1, 1]) {
    const asymmetry = random.between(0.9, 1.12) * size;
    shapes.push(
      part([side * 9, -24, 12], [4.5 * asymmetry, 15, 8 * asymmetry], side * 0.35),
      part([side * 11, 2, 19], [5 * asymmetry, 24, 6.5 * asymmetry], side * -0.1),
      part([side * 22, 32, 9], [5.5 * asymmetry, 17, 8 * asymmetry], side * -0.35),
    );
  }
  return shapes;
}

function deepNuclei(): Depth[] {
  return [-1, 1].flatMap((side) => [
    part([side * 11, 8, 4], [8, 14, 9], side * -0.3),
    part([side * 26, -8, 4], [5.5, 18, 10], side * 0.25),
    part([side * 14, -24, 10], [4.5, 9, 8], side * 0.3),
  ]);
}

/** Deeper outside a vessel than this it has no share of a voxel. */
const VESSEL_EDGE_MM = 1;

/** Bright tubes: the superior sagittal sinus and a few cortical vessels. None of them is a lesion. */
function vesselTree(random: SeededRandom): Depth {
  const segments: { from: PointMm; to: PointMm; radiusMm: number }[] = [];
  const arc = (angle: number): PointMm => [0, -84 * Math.cos(angle), 14 + 65 * Math.sin(angle)];
  for (let step = 0; step < 8; step++) {
    segments.push({
      from: arc(0.5 + step * 0.32),
      to: arc(0.5 + (step + 1) * 0.32),
      radiusMm: 1.6 + step * 0.35,
    });
  }
  for (let vessel = 0; vessel < 7; vessel++) {
    const side = vessel % 2 === 0 ? 1 : -1;
    let from: PointMm = [side * random.between(18, 30), random.between(-30, 10), random.between(-22, 20)];
    const radiusMm = random.between(0.9, 1.9);
    for (let step = 0; step < 4; step++) {
      const to: PointMm = [
        from[0] + side * random.between(2, 12),
        from[1] + random.between(-14, 14),
        from[2] + random.between(-4, 14),
      ];
      segments.push({ from, to, radiusMm });
      from = to;
    }
  }
  const tubes = segments.map(({ from, to, radiusMm }) => {
    const [ax, ay, az] = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
    const reach = radiusMm + VESSEL_EDGE_MM;
    return {
      from,
      ax,
      ay,
      az,
      squaredLength: ax * ax + ay * ay + az * az,
      radiusMm,
      left: Math.min(from[0], to[0]) - reach,
      right: Math.max(from[0], to[0]) + reach,
      low: Math.min(from[2], to[2]) - reach,
      high: Math.max(from[2], to[2]) + reach,
    };
  });
  return (x, y, z) => {
    let depth = FAR;
    for (const tube of tubes) {
      // Most voxels are far from all of them.
      if (x < tube.left || x > tube.right || z < tube.low || z > tube.high) continue;
      const { from, ax, ay, az, squaredLength, radiusMm } = tube;
      const px = x - from[0];
      const py = y - from[1];
      const pz = z - from[2];
      const along = Math.min(1, Math.max(0, (px * ax + py * ay + pz * az) / squaredLength));
      const dx = px - along * ax;
      const dy = py - along * ay;
      const dz = pz - along * az;
      // No root for those that leave no trace.
      if (dx * dx + dy * dy + dz * dz > (radiusMm + VESSEL_EDGE_MM) ** 2) continue;
      depth = Math.max(depth, radiusMm - Math.hypot(dx, dy, dz));
    }
    return depth;
  };
}

function randomLesion(random: SeededRandom, shape: HeadShape): LesionPlan {
  for (;;) {
    const centreMm: PointMm = [random.between(-50, 50), random.between(-65, 65), random.between(-38, 60)];
    const radiusMm = random.between(5, 19);
    if (shape.cerebrum(...centreMm) > Math.min(10, radiusMm * 0.6)) return { centreMm, radiusMm };
  }
}

function lesionModel(
  { centreMm: [cx, cy, cz], radiusMm }: LesionPlan,
  random: SeededRandom,
  noise: SpatialNoise,
) {
  const stretch: PointMm = [random.between(0.85, 1.2), random.between(0.85, 1.2), random.between(0.85, 1.15)];
  const roughness = random.between(0.1, 0.28);
  const coreShare = radiusMm > 8 && random.chance(0.6) ? random.between(0.3, 0.6) : 0;
  const rim = random.between(0.86, 1.2);
  const core = random.between(0.28, 0.45);
  const pushMm = random.between(0, 0.25) * radiusMm;
  return {
    oedema: random.between(0.05, 0.25),
    oedemaMm: random.between(3, 12),
    depth(x: number, y: number, z: number): number {
      const [u, v, w] = [(x - cx) / stretch[0], (y - cy) / stretch[1], (z - cz) / stretch[2]];
      const distance = Math.sqrt(u * u + v * v + w * w) + 1e-6;
      const wobble = noise((1.6 * u) / distance + 5, (1.6 * v) / distance + 5, (1.6 * w) / distance + 5);
      return radiusMm * (1 + roughness * wobble) - distance;
    },
    signal(depth: number, texture: number): number {
      return mix(rim, core, coreShare === 0 ? 0 : share(depth - (1 - coreShare) * radiusMm, 3)) * texture;
    },
    displace(x: number, y: number, z: number): PointMm {
      const [dx, dy, dz] = [x - cx, y - cy, z - cz];
      const squared = dx * dx + dy * dy + dz * dz;
      const push = (pushMm * Math.exp(-squared / (2 * (1.6 * radiusMm) ** 2))) / (Math.sqrt(squared) + 1);
      return [x - dx * push, y - dy * push, z - dz * push];
    },
  };
}
