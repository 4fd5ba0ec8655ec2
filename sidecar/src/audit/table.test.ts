import { expect, test } from "vitest";
import type { AuditEntry } from "./search.js";
import { CSV_HEAD, csvLine, ndjsonLine } from "./table.js";

const entry: AuditEntry = {
  id: 5,
  sequence: 4,
  hash: "ab",
  firstAt: new Date("2026-01-02T03:04:05.678Z"),
  lastAt: new Date("2026-01-02T03:05:05.678Z"),
  ended: true,
  subject: "account:7",
  displayName: 'Kim, "Chul"\nSu',
  kind: "account",
  role: null,
  tokenId: "-t",
  patientId: '=HYPERLINK("http://evil.example")',
  issuerOfPatientId: "+1",
  studyInstanceUid: "1.2",
  action: "view",
  target: "@SUM(A1)",
  outcome: "granted",
  reason: null,
  sourceAddress: "10.0.0.1",
  userAgent: "\t=1+1",
  breakGlassId: null,
  requests: 3,
  instances: 2,
  frames: 3,
};

test("no cell of a CSV export is a formula, and every cell comes back as it was", () => {
  const line = csvLine(entry);
  expect(line).toContain(`"'=HYPERLINK(""http://evil.example"")"`);
  expect(line).toContain(",'+1,");
  expect(line).toContain(",'@SUM(A1),");
  expect(line).toContain(",'-t,");
  expect(line).toContain(`,"Kim, ""Chul""\nSu",`);
  for (const cell of line.match(/(?:^|,)("(?:[^"]|"")*"|[^,\r\n]*)/g) ?? [])
    expect(cell.replace(/^,/, "").replace(/^"/, "")).not.toMatch(/^[=+\-@\t]/);
});

test("a CSV line has a cell for each column, and an NDJSON line is one object", () => {
  const columns = CSV_HEAD.trimEnd().split(",");
  const simple = { ...entry, displayName: "D", patientId: "P" };
  expect(csvLine(simple).trimEnd().split(",")).toHaveLength(columns.length);
  expect(JSON.parse(ndjsonLine(entry))).toMatchObject({ id: 5, displayName: 'Kim, "Chul"\nSu' });
  expect(ndjsonLine(entry).split("\n")).toHaveLength(2);
});
