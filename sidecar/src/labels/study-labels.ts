import { z } from "zod";
import { labelSchema } from "../authorization/account-access.js";
import { parseBody } from "../authorization/parse-body.js";
import type { StudyAccess } from "../authorization/study-access.js";
import { ApiError } from "../error-response.js";

export const labelsBody = z.strictObject({ labels: z.array(labelSchema).max(100) });

/** The labels of studies. */
export interface LabelStore {
  /** Replaces the labels of a study. */
  set(orthancId: string, labels: readonly string[]): Promise<void>;
}

export interface LabelDependencies {
  readonly access: StudyAccess;
  readonly labels: LabelStore;
  /** Has every process look studies up again. */
  readonly changed: () => void;
}

/**
 * Replaces the labels of a study.
 * @throws ApiError 400, 404
 */
export async function setLabels(
  studyInstanceUid: string,
  body: unknown,
  { access, labels, changed }: LabelDependencies,
): Promise<void> {
  const wanted = parseBody(labelsBody, body).labels;
  const studies = await access.directory.byUid(studyInstanceUid);
  if (studies.length === 0) throw new ApiError(404, "study-not-found", "There is no such study.");
  for (const { orthancId } of studies) await labels.set(orthancId, [...new Set(wanted)]);
  changed();
}
