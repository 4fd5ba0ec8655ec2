import { DCM, type CodedConcept } from "../segmentation/coded-concept.js";
import type { DicomObject } from "../segmentation/part10-file.js";
import { instancesOf, type InstanceReference } from "../segmentation/result-context.js";
import { code, container, image } from "./content-item.js";

/** CID 29, Acquisition Modality: those that a model here may be for. */
const MODALITIES: Readonly<Record<string, CodedConcept>> = {
  MR: { value: "MR", scheme: "DCM", meaning: "Magnetic Resonance" },
  CT: { value: "CT", scheme: "DCM", meaning: "Computed Tomography" },
  PT: { value: "PT", scheme: "DCM", meaning: "Positron emission tomography" },
};

/**
 * TID 1600 and 1601, Image Library: the images that were analysed, with what they have in common; of a multi-frame image
 * the frames that were.
 */
export function imageLibrary(
  images: readonly InstanceReference[],
  modalityCode: string | undefined,
  targetRegion: CodedConcept,
): DicomObject {
  const modality = modalityCode === undefined ? undefined : MODALITIES[modalityCode];
  return container("CONTAINS", DCM.imageLibrary, [
    container("CONTAINS", DCM.imageLibraryGroup, [
      ...(modality === undefined ? [] : [code("HAS ACQ CONTEXT", DCM.modality, modality)]),
      code("HAS ACQ CONTEXT", DCM.targetRegion, targetRegion),
      ...instancesOf(images).map(({ frameNumbers, ...instance }) =>
        image("CONTAINS", undefined, instance, { frameNumbers }),
      ),
    ]),
  ]);
}
