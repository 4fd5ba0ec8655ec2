import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { People, imageOf } from "../stack/people.js";
import { RunningStack } from "../stack/running-stack.js";

const run = promisify(execFile);
const document = readFileSync(new URL("../../../docs/routes.md", import.meta.url), "utf8");
const image = imageOf(11, "ROUTES", "Routes^Test");

/** The rows of the table below a heading, cell by cell; "\|" is a bar within one. */
function rowsBelow(heading: string): string[][] {
  const section = document.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  return section
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|")))
    .map((cells) => cells.slice(1, -1));
}

const code = (cell: string | undefined) => cell?.replace(/^`|`$/g, "") ?? "";
const locations = rowsBelow("Locations").map(([location]) => code(location));
const answers = rowsBelow("Answers").map(
  ([request, nobody, admin]) => [code(request), Number(nobody), Number(admin)] as const,
);
const retired = rowsBelow("Retired").map(([request]) => code(request));

let stack: RunningStack;
let admin: string;

beforeAll(async () => {
  stack = await RunningStack.start();
  admin = await stack.token();
  await new People(stack).store(image.bytes);
});

afterAll(() => stack.stop());

/** Sends the request line as it is. */
function ask(requestLine: string, token?: string): Promise<{ status: number; answer: string }> {
  const line = requestLine
    .replace("{study}", image.studyInstanceUid)
    .replace("{series}", image.seriesInstanceUid)
    .replace("{instance}", image.sopInstanceUid);
  const headers = [
    "Host: localhost",
    "Connection: close",
    ...(token === undefined ? [] : [`Authorization: Bearer ${token}`]),
  ];
  if (!line.startsWith("GET")) headers.push("Content-Length: 0");
  return new Promise((resolve, reject) => {
    const socket = connect(stack.local.ports.nginx, "127.0.0.1");
    let answer = "";
    socket.on("data", (data) => (answer += data.toString("latin1")));
    socket.on("error", reject);
    socket.on("close", () =>
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0), answer }),
    );
    socket.write([`${line} HTTP/1.1`, ...headers, "", ""].join("\r\n"));
  });
}

test("nginx has the locations of docs/routes.md, and no other", async () => {
  const prefix = join(stack.local.logs, "../run/nginx");
  const { stdout } = await run("nginx", ["-p", prefix, "-c", "nginx.conf", "-e", "stderr", "-T"]);
  const found = [...stdout.matchAll(/^[ \t]*(location .*\S) \{[ \t]*$/gm)].map(
    ([, location = ""]) => location,
  );
  expect(found.length).toBeGreaterThan(10);
  expect([...found].sort()).toEqual([...locations].sort());
});

describe("each documented route answers as it is said", () => {
  test("there are many", () => {
    expect(answers.length).toBeGreaterThan(50);
    expect(retired.length).toBeGreaterThan(12);
  });

  test.each(answers)("%s: %d to nobody, %d to an administrator", async (request, nobody, administrator) => {
    expect((await ask(request)).status).toBe(nobody);
    expect((await ask(request, admin)).status).toBe(administrator);
  });

  test.each(retired.map((request) => [request]))("%s is retired", async (request) => {
    for (const token of [undefined, admin]) {
      const { status, answer } = await ask(request, token);
      expect(status).toBe(404);
      expect(answer).not.toMatch(/Orthanc|x-accel/i);
    }
  });
});

describe("the running stack", () => {
  test("refuses paths that can be read in two ways, administrator or not", async () => {
    const paths = [
      "\\system",
      "%5csystem",
      "..%5csystem",
      "%2e%2e/system",
      "%252e%252e/system",
      "..;/system",
      "studies%2f..",
      "%c0%ae%c0%ae/system",
      "/system",
      "./system",
    ];
    for (const prefix of ["/orthanc/", "/dicom-web/", "/api/"]) {
      for (const path of paths) {
        const { status, answer } = await ask(`GET ${prefix}${path}`, admin);
        expect(status, prefix + path).toBe(400);
        expect(answer).not.toContain("DicomAet");
      }
    }
  });

  test("redirects within itself, whatever host the client names", async () => {
    for (const path of ["/orthanc", "/dicom-web", "/api"])
      expect((await ask(`GET ${path}`)).answer).toContain(`\r\nLocation: ${path}/\r\n`);
  });

  test("never tells a client where nginx fetched an answer", async () => {
    for (const [request, , administrator] of answers) {
      if (administrator === 200)
        expect((await ask(request, admin)).answer.split("\r\n\r\n")[0]).not.toMatch(/x-accel|orthanc_/i);
    }
  });
});
