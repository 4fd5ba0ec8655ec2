import { readFileSync, readdirSync } from "node:fs";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { expect, test } from "vitest";
import { AUDITED_ROUTES } from "../audit/audited-routes.js";
import { API } from "./api.js";
import { openApiDocument } from "./document.js";
import { descriptionPage } from "./page.js";
import { PROBLEMS } from "./problem-codes.js";

const read = (path: string) => readFileSync(new URL(`../../../docs/${path}`, import.meta.url), "utf8");
const source = new URL("..", import.meta.url);

test("the description is OpenAPI 3.1, by a linter", async () => {
  // A redirect and a WebSocket are answers as well.
  const config = await createConfig({ extends: ["recommended"], rules: { "operation-2xx-response": "off" } });
  const problems = await lintFromString({ source: JSON.stringify(openApiDocument(API)), config });
  expect(problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual(
    [],
  );
}, 60_000);

test("every route is described, and nothing else is", () => {
  // Answered before the audit trail comes in, or by another hand than the router's.
  const beside = ["GET /api/health/live", "GET /api/health/ready", "GET /api/events"];
  const described = Object.keys(API).filter((route) => !route.includes(" /dicom-web/"));
  expect(described.sort()).toEqual([...Object.keys(AUDITED_ROUTES), ...beside].sort());
});

test("DICOMweb is named as docs/routes.md has it", () => {
  const rows = [...read("routes.md").matchAll(/^\| `(GET|POST) (\/dicom-web\/\S+)` +\| \d+ +\| (\d+) /gm)];
  const named = rows
    .filter(([, , , status]) => status === "200" || status === "415")
    .map(([, method = "", path = ""]) =>
      `${method} ${path}`
        .replace("{study}", ":studyInstanceUid")
        .replace("{series}", ":seriesInstanceUid")
        .replace("{instance}", ":sopInstanceUid")
        .replace("/frames/1", "/frames/:frames"),
    );
  expect(
    Object.keys(API)
      .filter((route) => route.includes(" /dicom-web/"))
      .sort(),
  ).toEqual(named.sort());
});

test("docs/errors.md has the codes with their statuses and meanings", () => {
  const [head = ""] = read("errors.md").split("\n## ");
  const rows = head
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
    .map(([, codes = "", status, meaning = ""]) => ({
      status: Number(status),
      codes: [...codes.matchAll(/`([a-z-]+)`/g)].map(([, code]) => code),
      meaning: meaning.replace(/\[([^\]]+)\]\([^)]+\)/g, "$1"),
    }));
  const byCode = (problems: readonly { readonly codes: readonly (string | undefined)[] }[]) =>
    [...problems].sort((one, other) => ((one.codes[0] ?? "") < (other.codes[0] ?? "") ? -1 : 1));
  expect(byCode(PROBLEMS)).toEqual(byCode(rows));
});

test("every code that the program answers is among them", () => {
  const codes = readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !/(?:\.test|command)\.ts$/.test(file))
    .flatMap((file) => [
      ...readFileSync(new URL(file, source), "utf8").matchAll(/new ApiError\(\s*(\d{3}),\s*"([a-z-]+)"/g),
    ])
    .map(([, status, code]) => `${status ?? ""} ${code ?? ""}`);
  const known = new Set(PROBLEMS.flatMap(({ status, codes: own }) => own.map((code) => `${status} ${code}`)));
  expect(codes.length).toBeGreaterThan(80);
  expect([...new Set(codes)].filter((code) => !known.has(code))).toEqual([]);
});

test("the page has every operation, and neither script nor style of its own", () => {
  const page = descriptionPage(openApiDocument(API), "/style.css");
  expect(page.match(/<span class="method">/g)).toHaveLength(Object.keys(API).length);
  expect(page).not.toMatch(/<script|<style|\sstyle=|\son\w+=|undefined|\[object/);
});
