import type { DataSet } from "../dicom/data-set.js";
import { TAG, type Tag } from "../dicom/tag.js";

/** An attribute in which frames at the same place may differ. */
export interface Trait {
  /** As PS3.6 names it. */
  readonly name: string;
  readonly value: string;
}

const TRAITS: readonly (readonly [name: string, tag: Tag])[] = [
  ["Stack ID", TAG.StackID],
  ["Echo Time", TAG.EchoTime],
  ["Effective Echo Time", TAG.EffectiveEchoTime],
  ["Echo Numbers", TAG.EchoNumbers],
  ["Inversion Time", TAG.InversionTime],
  ["Diffusion b-value", TAG.DiffusionBValue],
  ["Temporal Position Identifier", TAG.TemporalPositionIdentifier],
  ["Temporal Position Index", TAG.TemporalPositionIndex],
  ["Trigger Time", TAG.TriggerTime],
  ["Convolution Kernel", TAG.ConvolutionKernel],
  ["Image Type", TAG.ImageType],
  ["Frame Type", TAG.FrameType],
  ["Acquisition Number", TAG.AcquisitionNumber],
  ["Frame Acquisition Number", TAG.FrameAcquisitionNumber],
  ["Acquisition Time", TAG.AcquisitionTime],
];

/** @param holder gives the data set that has an attribute of the frame, wherever that is */
export function traitsOf(holder: (tag: Tag) => DataSet | undefined): Trait[] {
  return TRAITS.flatMap(([name, tag]) => {
    const value = holder(tag)?.text(tag);
    return value === undefined ? [] : [{ name, value }];
  });
}

/**
 * How images at the same place differ, for people: the first attribute whose values tell all of them apart, else the
 * first that differs at all; undefined when none does.
 */
export function differenceOf(images: readonly { readonly traits: readonly Trait[] }[]): string | undefined {
  const found = TRAITS.flatMap(([name]) => {
    const values = images.map(({ traits }) => traits.find((trait) => trait.name === name)?.value ?? "none");
    const different = [...new Set(values)];
    return different.length > 1 ? [{ name, different }] : [];
  });
  const best = found.find(({ different }) => different.length === images.length) ?? found[0];
  return best && `${best.name} (${best.different.join(", ")})`;
}
