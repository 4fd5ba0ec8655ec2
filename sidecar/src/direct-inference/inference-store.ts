import type { OrthancId } from "../dicom/uid.js";
import type { ResultFigures } from "../state/records.js";

/** Answers are kept this long. */
export const KEPT_MINUTES = 60;

/** `segmentation`: a SEG of what was found; `attention`: a fractional SEG of where the model looked. */
export const INFERENCE_OBJECTS = ["segmentation", "attention"] as const;
export type InferenceObject = (typeof INFERENCE_OBJECTS)[number];

export interface InferenceAnswer {
  readonly figures: ResultFigures;
  /** The images it looked at. */
  readonly sopInstanceUids: readonly string[];
  /** Objects beside the figures: none when the model found nothing, or looked at nothing in particular. */
  readonly objects: readonly InferenceObject[];
}

export interface InferenceRow {
  readonly id: string;
  readonly seriesId: OrthancId;
  /** Set when one instance is asked about, not its series. */
  readonly sopInstanceUid: string | null;
  readonly modelName: string;
  readonly modelVersion: string;
  readonly requestedBy: string;
  readonly state: "queued" | "succeeded" | "failed";
  readonly code: string | null;
  readonly reason: string | null;
  readonly attempts: number;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
  readonly answer: InferenceAnswer | null;
}

export type NewInference = Pick<
  InferenceRow,
  "id" | "seriesId" | "sopInstanceUid" | "modelName" | "modelVersion" | "requestedBy"
>;

/** Direct questions to models and their answers. Times are the database's. */
export interface InferenceStore {
  create(inference: NewInference): Promise<void>;
  find(id: string): Promise<InferenceRow | null>;
  /** Unfinished ones: of everybody, and of one person. */
  unfinished(requestedBy: string): Promise<{ readonly all: number; readonly own: number }>;
  /** Unfinished ones, oldest first. */
  pending(limit: number): Promise<string[]>;
  /** Counts an attempt. @returns how many there are that nobody let go of, with it; null when it is over */
  begin(id: string): Promise<number | null>;
  /** A worker lets go of a question; one that is killed does not. */
  release(id: string): Promise<void>;
  succeed(
    id: string,
    answer: Omit<InferenceAnswer, "objects">,
    objects: Readonly<Record<InferenceObject, Uint8Array | undefined>>,
  ): Promise<void>;
  fail(id: string, code: string, reason: string): Promise<void>;
  /** A Part 10 file. */
  object(id: string, kind: InferenceObject): Promise<Buffer | null>;
  /** Removes what is older than {@link KEPT_MINUTES}. @returns how many */
  forget(): Promise<number>;
}
