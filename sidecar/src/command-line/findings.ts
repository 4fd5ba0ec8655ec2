/** What was looked at, how it is, and what to do about it. */
export interface Finding {
  readonly check: string;
  readonly state: "ok" | "warning" | "failed";
  readonly finding: string;
  readonly todo?: string;
}

const MARKS = { ok: "ok     ", warning: "warning", failed: "FAILED " } as const;

/** For people, a line each, with what to do below. */
export function diagnosisText(findings: readonly Finding[]): string {
  return findings
    .map(({ check, state, finding, todo }) => {
      const line = `${MARKS[state]}  ${check}: ${finding}\n`;
      return todo === undefined || state === "ok" ? line : `${line}         → ${todo}\n`;
    })
    .join("");
}

export function hasFailed(findings: readonly Finding[]): boolean {
  return findings.some(({ state }) => state === "failed");
}
