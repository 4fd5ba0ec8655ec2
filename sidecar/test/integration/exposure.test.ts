import { readFile, readdir, readlink } from "node:fs/promises";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDemoStudy } from "../../src/phantom/demo-study.js";
import { RunningStack } from "../stack/running-stack.js";

let stack: RunningStack;
const [image] = createDemoStudy({ seed: 7, slices: 1, rows: 32, columns: 32 });
const instancePath = `/dicom-web/studies/${image?.studyInstanceUid ?? ""}/series/${image?.seriesInstanceUid ?? ""}/instances/${image?.sopInstanceUid ?? ""}`;

beforeAll(async () => {
  stack = await RunningStack.start();
  const events = await stack.events();
  await stack.storeOverWeb([image?.bytes ?? new Uint8Array()]);
  await events.until("rendition", () => events.of("instance.rendered").length === 1);
  events.close();
});

afterAll(() => stack.stop());

/** Sends a request line as it is: fetch would tidy the path up. Answers status and body. */
function raw(
  requestLine: string,
  headers: string[] = [],
): Promise<{ status: number; body: string; head: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect(stack.local.ports.nginx, "127.0.0.1");
    let answer = "";
    socket.on("data", (data) => (answer += data.toString("latin1")));
    socket.on("error", reject);
    socket.on("close", () => {
      const [head = "", ...body] = answer.split("\r\n\r\n");
      resolve({
        status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0),
        body: body.join("\r\n\r\n"),
        head,
      });
    });
    socket.write(
      [`${requestLine} HTTP/1.1`, "Host: localhost", "Connection: close", ...headers, "", ""].join("\r\n"),
    );
  });
}

describe("from outside", () => {
  test("nothing of the stack listens on an address that is not loopback", async () => {
    const pids = await stackPids();
    const listening = (await Promise.all(["tcp", "tcp6"].map((family) => listeners(family)))).flat();
    const ours = [];
    for (const { address, inode } of listening) if (await owns(pids, inode)) ours.push(address);
    expect(ours.length).toBeGreaterThanOrEqual(5);
    // 127.0.0.1 and ::1 as /proc/net writes them
    const loopback = /^(0100007F|00000000000000000000000001000000|0000000000000000FFFF00000100007F)$/;
    expect(ours.filter((address) => !loopback.test(address))).toEqual([]);
  });

  test.each([
    ["GET /dicom-web/studies", 401],
    [`GET ${instancePath}/frames/1`, 401],
    [`GET ${instancePath}/metadata`, 401],
    [`GET ${instancePath}/rendered`, 401],
    ["POST /dicom-web/studies", 401],
    ["GET /api/studies", 401],
    ["GET /api/failures", 401],
    ["GET /orthanc/system", 401],
    ["GET /internal-orthanc/", 404],
    ["GET /internal-orthanc/instances", 404],
    ["GET /%69nternal-orthanc/", 404],
    ["POST /internal/arrival", 404],
    ["GET /metrics", 404],
    ["GET /instances", 404],
    ["GET /changes", 404],
    ["GET /.git/config", 404],
    ["GET /dicom-web/..%5csystem", 400],
    ["GET /dicom-web/..\\system", 400],
    ["GET /dicom-web/%2e%2e/system", 400],
    ["GET /dicom-web/../system", 400],
    ["GET /dicom-web//studies", 400],
    ["GET /dicom-web/studies?_method=DELETE", 400],
    ["GET /orthanc/instances?_METHOD=DELETE", 400],
    ["GET /orthanc/instances?a=b&%5fmethod=DELETE", 400],
    ["TRACE /", 405],
  ])("%s without a token gets %d and no more", async (requestLine, status) => {
    const answer = await raw(requestLine, requestLine.startsWith("POST") ? ["Content-Length: 0"] : []);
    expect(answer.status).toBe(status);
    expect(answer.body).not.toMatch(/Orthanc|PatientName|00100010/);
    expect(answer.head).not.toMatch(/x-accel|www-authenticate: basic/i);
  });

  test.each([
    ["another signature", (token: string) => `${token.slice(0, -4)}AAAA`],
    [
      "no algorithm",
      (token: string) =>
        `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString("base64url")}.${token.split(".")[1] ?? ""}.`,
    ],
    ["garbage", () => "garbage"],
  ])("a token with %s is refused everywhere", async (_name, change) => {
    const token = change(await stack.token());
    for (const path of [
      "/dicom-web/studies",
      `${instancePath}/frames/1`,
      "/api/studies",
      "/orthanc/system",
    ]) {
      const response = await fetch(stack.local.address + path, {
        headers: { Authorization: `Bearer ${token}` },
      });
      expect(response.status, path).toBe(401);
    }
  });

  test("a doctor reads images, and neither administers Orthanc nor the work", async () => {
    const headers = { Authorization: `Bearer ${await stack.token("doctor")}` };
    expect((await stack.fetch("/dicom-web/studies", { headers })).status).toBe(200);
    expect((await stack.fetch("/orthanc/system", { headers })).status).toBe(403);
    expect((await stack.fetch("/api/failures", { headers })).status).toBe(403);
    expect((await stack.fetch("/api/failures/rendition/x/retry", { method: "POST", headers })).status).toBe(
      403,
    );
  });

  test("no method override reaches Orthanc, whatever the client sends", async () => {
    const overridden = await stack.fetch("/orthanc/instances", {
      headers: { "X-HTTP-Method-Override": "DELETE" },
    });
    expect(overridden.status).toBe(200);
    expect((await stack.orthancJson<string[]>("/instances")).length).toBe(1);
    const dicomWeb = await stack.fetch(instancePath, { method: "DELETE" });
    expect(dicomWeb.status).toBe(404);
    expect((await stack.orthancJson<string[]>("/instances")).length).toBe(1);
  });

  test("Orthanc itself lets nobody in without its own password or a token that may", async () => {
    const ask = async (headers: Record<string, string>) =>
      (await fetch(`${stack.local.orthancUrl}/system`, { headers })).status;
    expect(await ask({})).toBe(403);
    expect(await ask({ Authorization: "Basic b3J0aGFuYzpvcnRoYW5j" })).toBe(403);
    expect(await ask({ Authorization: `Bearer ${await stack.token("doctor")}` })).toBe(403);
    expect((await stack.orthanc("/system")).status).toBe(200);
  });

  test("the refresh token is good for one use; a second use ends the session", async () => {
    const login = await fetch(`${stack.local.address}/api/auth/login`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ username: "doctor", password: stack.local.secrets.doctorPassword }),
    });
    const cookie = (response: Response) => (response.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    expect(login.headers.get("set-cookie")).toMatch(/HttpOnly; Secure; SameSite=Strict/);
    const first = cookie(login);
    const refresh = (value: string) =>
      fetch(`${stack.local.address}/api/auth/refresh`, { method: "POST", headers: { Cookie: value } });
    const renewed = await refresh(first);
    expect(renewed.status).toBe(200);
    expect((await refresh(first)).status).toBe(401);
    expect((await refresh(cookie(renewed))).status).toBe(401);
  });

  test("five wrong passwords lock the account, and the answer does not say so", async () => {
    const login = (password: string) =>
      fetch(`${stack.local.address}/api/auth/login`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ username: "doctor", password }),
      });
    const answers: unknown[] = [];
    for (let attempt = 0; attempt < 5; attempt += 1)
      answers.push(await (await login("not the password")).json());
    const locked = await login(stack.local.secrets.doctorPassword);
    expect(locked.status).toBe(401);
    expect(await locked.json()).toEqual(answers[0]);
  });

  test("no log holds a patient's name, a password or a token", async () => {
    const logs = await readdir(stack.local.logs);
    const token = await stack.token();
    for (const name of logs.filter((log) => /sidecar|nginx|fhir/.test(log))) {
      const text = await readFile(`${stack.local.logs}/${name}`, "utf8");
      for (const secret of [
        token,
        stack.local.secrets.doctorPassword,
        stack.local.secrets.orthancPassword,
        "Hong^",
        "홍^",
      ]) {
        expect(text.includes(secret), `${name} holds ${secret.slice(0, 4)}…`).toBe(false);
      }
    }
  });
});

/** Every process of the stack, with those they started. */
async function stackPids(): Promise<Set<number>> {
  const pids = new Set(Object.values(stack.local.processes).map(({ pid }) => pid ?? -1));
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = await readFile(`/proc/${entry}/stat`, "utf8").catch(() => "");
    const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    if (pids.has(parent)) pids.add(Number(entry));
  }
  return pids;
}

async function listeners(family: string): Promise<{ address: string; inode: string }[]> {
  const lines = (await readFile(`/proc/net/${family}`, "utf8")).trim().split("\n").slice(1);
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === "0A")
    .map((fields) => ({ address: fields[1]?.split(":")[0] ?? "", inode: fields[9] ?? "" }));
}

async function owns(pids: Set<number>, inode: string): Promise<boolean> {
  for (const pid of pids) {
    for (const descriptor of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => "");
      if (target === `socket:[${inode}]`) return true;
    }
  }
  return false;
}
