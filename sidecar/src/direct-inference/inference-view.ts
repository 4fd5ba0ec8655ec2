import type { SeriesDetails } from "../state/state.js";
import type { ModelCaption } from "../studies/study-details.js";
import {
  KEPT_MINUTES,
  type InferenceAnswer,
  type InferenceObject,
  type InferenceRow,
  type InferenceStore,
} from "./inference-store.js";

/** Larger objects are answered as a link alone. */
const MOST_INLINE_BYTES = 4_000_000;

export interface InferenceViewDependencies {
  readonly store: Pick<InferenceStore, "object">;
  readonly modelCaption: (name: string, version: string) => ModelCaption;
}

/** A question with its answer. Times are ISO 8601 in UTC. Objects are DICOM SEG. */
export async function inferenceView(
  row: InferenceRow,
  { seriesInstanceUid }: Pick<SeriesDetails, "seriesInstanceUid">,
  studyInstanceUid: string,
  { store, modelCaption }: InferenceViewDependencies,
) {
  const { id, modelName, modelVersion, sopInstanceUid, answer, createdAt } = row;
  return {
    id,
    state: row.state,
    model: modelCaption(modelName, modelVersion),
    input: {
      level: sopInstanceUid === null ? ("series" as const) : ("instance" as const),
      studyInstanceUid,
      seriesInstanceUid,
      sopInstanceUids: answer?.sopInstanceUids ?? (sopInstanceUid === null ? null : [sopInstanceUid]),
    },
    createdAt: createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
    expiresAt: new Date(createdAt.getTime() + KEPT_MINUTES * 60_000).toISOString(),
    ...(row.state === "failed" ? { reason: { code: row.code ?? "", detail: row.reason ?? "" } } : {}),
    ...(answer === null
      ? {}
      : {
          ...answer.figures,
          verification: "UNVERIFIED" as const,
          segmentation: await objectOf(id, "segmentation", answer, store),
          attention: await objectOf(id, "attention", answer, store),
        }),
  };
}

async function objectOf(
  id: string,
  kind: InferenceObject,
  { objects }: InferenceAnswer,
  store: InferenceViewDependencies["store"],
) {
  const bytes = objects.includes(kind) ? await store.object(id, kind) : null;
  if (bytes === null) return null;
  return {
    mediaType: "application/dicom",
    href: `/api/inference/${id}/${kind}`,
    bytes: bytes.byteLength,
    base64: bytes.byteLength <= MOST_INLINE_BYTES ? bytes.toString("base64") : null,
  };
}
