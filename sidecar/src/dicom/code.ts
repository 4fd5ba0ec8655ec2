/** A coded concept: value, scheme, meaning (PS3.3 8.8). Used in data sets as a Code Sequence item. */
export interface Code {
  readonly value: string;
  /** Coding Scheme Designator, e.g. `SCT`, `DCM`, `UCUM`, `LN`. */
  readonly scheme: string;
  readonly meaning: string;
}

export const code = (value: string, scheme: string, meaning: string): Code => ({ value, scheme, meaning });
