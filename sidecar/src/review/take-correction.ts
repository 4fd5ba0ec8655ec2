import { createHash } from "node:crypto";
import type { HeldObjects } from "../analysis/store-result.js";
import type { Archive } from "../archive/archive.js";
import { derivedUid, type Uid } from "../dicom/uid.js";
import { ApiError } from "../error-response.js";
import { AnalysisError } from "../inference/analysis-error.js";
import type { Model } from "../inference/model-registry.js";
import { assembleVolume } from "../inference/volume.js";
import type { FoundResult } from "./find-result.js";
import { CorrectionError, readCorrection } from "./read-correction.js";
import { sourceInstances } from "./result-images.js";

export interface TakeCorrectionDependencies {
  readonly archive: Pick<Archive, "dataSet">;
  readonly held: Pick<HeldObjects, "keep">;
  readonly findModel: (name: string, version: string) => Model | undefined;
}

/**
 * Checks a corrected segmentation against the result it is to replace, and keeps it until it does.
 * @param subject of the person who sends it: what two people draw are two
 * @returns the UID that it will have: the same file of the same person about the same result has the same
 * @throws ApiError 409 `model-missing`, `not-a-segmentation`; 422 with what does not fit
 */
export async function takeCorrection(
  { analysis, series, study }: FoundResult,
  reportSopInstanceUid: string,
  subject: string,
  file: Uint8Array,
  { archive, held, findModel }: TakeCorrectionDependencies,
): Promise<Uid> {
  const model = findModel(analysis.modelName, analysis.modelVersion);
  if (model === undefined)
    throw new ApiError(
      409,
      "model-missing",
      "The model is not installed any more: accept or reject its result.",
    );
  const { segments } = model.manifest;
  if (segments.length === 0)
    throw new ApiError(
      409,
      "not-a-segmentation",
      "This model does not segment: there is nothing to correct.",
    );
  const { patientId, studyInstanceUid } = study;
  const { seriesInstanceUid } = series;
  try {
    const geometry = assembleVolume(await sourceInstances(series, archive));
    readCorrection(file, { patientId, studyInstanceUid, seriesInstanceUid, geometry, segments });
  } catch (error) {
    if (error instanceof CorrectionError || error instanceof AnalysisError)
      throw new ApiError(422, error.code, `The segmentation is not taken: ${error.message}.`);
    throw error;
  }
  const digest = createHash("sha256").update(file).digest("hex");
  const uid = derivedUid("corrected seg", reportSopInstanceUid, subject, digest);
  await held.keep(analysis.id, uid, file);
  return uid;
}
