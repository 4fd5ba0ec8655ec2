import { expect, test } from "vitest";
import { FIRST_QUERY, isNarrowed, orderedBy, parametersOf } from "./study-query.js";

test("only what was given is asked for", () => {
  expect(parametersOf(FIRST_QUERY, 50, undefined).toString()).toBe("sort=date&order=desc&limit=50");
  const query = { ...FIRST_QUERY, text: " kim ", patient: "P 1", modality: "CT", from: "2026-01-01" };
  expect(Object.fromEntries(parametersOf(query, 20, "a-b"))).toEqual({
    sort: "date",
    order: "desc",
    limit: "20",
    query: "kim",
    patient: "P 1",
    modality: "CT",
    from: "2026-01-01",
    after: "a-b",
  });
});

test("a heading orders by it, and again the other way round", () => {
  const byPatient = orderedBy(FIRST_QUERY, "patient");
  expect(byPatient).toMatchObject({ sort: "patient", direction: "asc" });
  expect(orderedBy(byPatient, "patient")).toMatchObject({ sort: "patient", direction: "desc" });
  expect(orderedBy(byPatient, "date")).toMatchObject({ sort: "date", direction: "desc" });
});

test("a list is narrowed by what a reader chose, not by whose chart it is in", () => {
  expect(isNarrowed(FIRST_QUERY)).toBe(false);
  expect(isNarrowed({ ...FIRST_QUERY, patient: "P-1" })).toBe(false);
  expect(isNarrowed({ ...FIRST_QUERY, text: "  " })).toBe(false);
  expect(isNarrowed({ ...FIRST_QUERY, to: "2026-01-01" })).toBe(true);
});
