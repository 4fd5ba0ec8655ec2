import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { API } from "../../src/openapi/api.js";
import { curlOf, VARIABLES } from "../../src/openapi/curl.js";
import { createDemoStudy } from "../../src/phantom/demo-study.js";
import { EmrClient } from "../stack/emr-client.js";
import { RunningStack } from "../stack/running-stack.js";

const run = promisify(execFile);
const examples = Object.entries(API).flatMap(([route, operation]) => {
  const line = curlOf(route, operation);
  return line === undefined ? [] : [[route, line] as const];
});
let stack: RunningStack;
let variables: Readonly<Record<keyof typeof VARIABLES, string>>;

beforeAll(async () => {
  stack = await RunningStack.start({ settings: { NEURONOVA_STABLE_AFTER_SECONDS: "0.5" } });
  const [events, token] = [await stack.events(), await stack.token()];
  const files = createDemoStudy({ slices: 12 });
  const [image] = files;
  if (image === undefined) throw new Error("the demo study has no image");
  await stack.storeOverDicom(files);
  await events.until("the study's results", () => events.of("analysis.succeeded").length > 0);
  events.close();
  const patient = await new EmrClient(stack, token).patient();
  variables = {
    NEURONOVA: stack.local.address,
    TOKEN: token,
    PASSWORD: stack.local.secrets.adminPassword,
    STUDY: image.studyInstanceUid,
    SERIES: image.seriesInstanceUid,
    INSTANCE: image.sopInstanceUid,
    PATIENT: patient.id,
    TOMORROW: new Date(Date.now() + 86_400_000).toISOString(),
  };
});

afterAll(() => stack.stop());

async function inShell(line: string, environment: Readonly<Record<string, string>>) {
  const { PATH = "" } = process.env;
  try {
    const options = { env: { PATH, ...environment }, maxBuffer: 16_000_000 };
    return { status: 0, output: (await run("bash", ["-euc", line], options)).stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { status: code, output: stdout + stderr };
  }
}

test.each(examples)("%s works as the description has it", async (_route, line) => {
  const { status, output } = await inShell(line, variables);
  expect(status, `${line}\n${output}`).toBe(0);
});

test("a line whose request is refused fails", async () => {
  const [, line = ""] = examples.find(([route]) => route === "GET /api/studies") ?? [];
  const { status, output } = await inShell(line, { ...variables, TOKEN: "none" });
  expect([status, output]).toEqual([22, expect.stringContaining("token-invalid")]);
});

test("each chapter that a program needs has an example", () => {
  const without = ["dicomweb", "smart-launch", "webhooks", "hooks"];
  const [all, shown] = [new Set<string>(), new Set<string>()];
  for (const operation of Object.values(API)) {
    all.add(operation.tag);
    if (operation.example !== undefined) shown.add(operation.tag);
  }
  expect([...all].filter((tag) => !shown.has(tag) && !without.includes(tag))).toEqual([]);
});

test("/api/docs is a page with all of them", async () => {
  const response = await fetch(`${stack.local.address}/api/docs`);
  expect(response.headers.get("content-type")).toMatch(/^text\/html/);
  expect((await response.text()).match(/<h3>Example<\/h3>/g)).toHaveLength(examples.length);
});
