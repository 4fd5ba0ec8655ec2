import type { MessageKey } from "../localization/messages.js";

/** A window in HU as radiology uses it. */
export interface WindowPreset {
  readonly name: MessageKey;
  readonly width: number;
  readonly centre: number;
}

/** In the order of the keys 1 to 8. */
export const CT_PRESETS: readonly WindowPreset[] = [
  { name: "presetBrain", width: 80, centre: 40 },
  { name: "presetSubdural", width: 200, centre: 75 },
  { name: "presetStroke", width: 40, centre: 40 },
  { name: "presetBone", width: 1_800, centre: 400 },
  { name: "presetLung", width: 1_500, centre: -600 },
  { name: "presetMediastinum", width: 350, centre: 50 },
  { name: "presetAbdomen", width: 400, centre: 50 },
  { name: "presetLiver", width: 150, centre: 30 },
];

/** The presets for values of this unit: they are Hounsfield units, so there are none for anything else. */
export function presetsFor(valueUnit: string | undefined): readonly WindowPreset[] {
  return valueUnit === "HU" ? CT_PRESETS : [];
}
