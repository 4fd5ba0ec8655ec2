/** What a person has to decide, or has decided, about a chart of another EMR's. */
export interface ChartQuestion {
  readonly state: "open" | "resolved";
  /** `link`: the chart is this patient's, and right; `reject`: leave both as they are; `correct`: look again. */
  readonly resolution: string | null;
  /** Digest of what the question was asked on. */
  readonly facts: string;
}

export interface NewChartQuestion {
  readonly reasons: readonly string[];
  readonly candidates: readonly string[];
  readonly facts: string;
}

/** Charts of another EMR's on the identity worklist, within a transaction. */
export interface ChartQuestions {
  of(chart: string): Promise<ChartQuestion | null>;
  ask(chart: string, question: NewChartQuestion): Promise<void>;
  /** Its cause is gone. */
  settle(chart: string): Promise<void>;
}
