const STEPS = ["created", "$validate", "read back", "updated", "withdrawn"] as const;
type Step = (typeof STEPS)[number];

const ROWS = [
  "Patient",
  "Encounter",
  "Condition",
  "Observation",
  "DiagnosticReport",
  "MedicationRequest",
  "ServiceRequest",
  "Procedure",
  "ImagingStudy",
  "AuditEvent",
  "Practitioner",
  "Device",
  "Endpoint",
] as const;

/** What a run has shown of each resource on each server: the table in docs/fhir.md. */
export class StatusTable {
  private readonly shown = new Set<string>();

  constructor(private readonly servers: readonly string[]) {}

  passed(server: string, resource: string, step: Step): void {
    this.shown.add(`${server} ${resource} ${step}`);
  }

  markdown(): string {
    const head = ["resource", ...this.servers];
    const rows = ROWS.map((resource) => [
      resource,
      ...this.servers.map((server) => this.cell(server, resource)),
    ]);
    const widths = head.map((title, column) =>
      Math.max(title.length, ...rows.map((row) => (row[column] ?? "").length)),
    );
    const line = (cells: readonly string[]) =>
      `| ${cells.map((text, column) => text.padEnd(widths[column] ?? 0)).join(" | ")} |\n`;
    return line(head) + line(widths.map((width) => "-".repeat(width))) + rows.map(line).join("");
  }

  /** Cells of the page that are not what this run has shown; of servers that ran. */
  differencesTo(page: string): string[] {
    const cells = (text: string) => text.split("|").map((cell) => cell.trim());
    const lines = page.split("\n").map(cells);
    const head = lines.find(([, first, ...rest]) => first === "resource" && rest.includes("embedded")) ?? [];
    return ROWS.flatMap((resource) => {
      const row = lines.find(([, first]) => first === resource) ?? [];
      return this.servers.flatMap((server) => {
        const written = row[head.indexOf(server)] ?? "nothing";
        const is = this.cell(server, resource);
        return written === is ? [] : [`${resource} on ${server}: the page says ${written}, the run ${is}`];
      });
    });
  }

  private cell(server: string, resource: string): string {
    const passed = STEPS.filter((step) => this.shown.has(`${server} ${resource} ${step}`));
    return passed.length === 0 ? "—" : passed.join(", ");
  }
}
