/**
 * `enabled`: its results go into the record. `shadow`: it runs, and only who administers sees its figures. `disabled`:
 * it does not run. A version nobody decided about is enabled.
 */
export const MODEL_MODES = ["enabled", "disabled", "shadow"] as const;
export type ModelMode = (typeof MODEL_MODES)[number];

/** Topic under which processes tell each other that something about models was decided. */
export const MODELS = "models";

export interface ModelName {
  readonly name: string;
  readonly version: string;
}

export interface ModelDecision extends ModelName {
  readonly mode: ModelMode;
  /** Subject of who decided. */
  readonly changedBy: string;
  readonly changedAt: Date;
}

/** What was decided about models, shared by all processes. */
export interface ModelDecisions {
  /** Grows whenever the folder of models is to be read again, and all decisions. */
  read(): Promise<{ readonly generation: number; readonly decisions: readonly ModelDecision[] }>;
  decide(model: ModelName, mode: ModelMode, changedBy: string): Promise<void>;
  /** Has every process read the folder of models again. @returns the new generation */
  reload(): Promise<number>;
}
