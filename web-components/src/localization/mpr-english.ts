/** Texts of reformatted planes, which come with the viewer; `{name}` stands for a value. */
export const mprEnglish = {
  mprTitle: "Reformatted planes (MPR)",
  mprLoading: {
    by: "all",
    one: "Loading the volume: {done} of {all} image",
    other: "Loading the volume: {done} of {all} images",
  },
  mprFailed: "The volume cannot be shown",
  mprReformatted: "Computed from the series by linear interpolation: these are not the acquired images.",
  mprSegments: "Segments are shown as in the nearest voxel, without interpolation.",
  mprMeasuring:
    "Lengths, angles and areas are measured with the viewer's tools and belong to their plane. Values are to be measured on the acquired images.",
  mprHelp: "Click or drag: where the planes meet · wheel or arrow keys: next slice · right button: window",
  mprTooFew: "The series has too few images for reformatted planes.",
  mprColour: "Colour images are no volume.",
  mprNoPlace: "The images do not say where in the patient they lie.",
  mprSeveralPatients: "The images name different patients.",
  mprSeveralFrames: "The images have no common frame of reference.",
  mprSizes: "The images differ in size or pixel spacing.",
  mprNotParallel: "The images are not parallel.",
  mprIrregular: "The images do not lie at equal distances.",
  mprTooLarge: "The volume is too large for this browser.",
} as const;

export type MprMessageKey = keyof typeof mprEnglish;
