import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import { request } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";
// @ts-expect-error -- plain JavaScript with JSDoc types, checked by `tsc -p scripts`
import * as composeSecrets from "../../../scripts/compose/secrets.mjs";
import { freePort } from "../stack/free-port.js";

const run = promisify(execFile);
const repository = fileURLToPath(new URL("../../..", import.meta.url));
const { createSecrets, createCertificate } = composeSecrets as Record<
  "createSecrets" | "createCertificate",
  (directory: string) => string[]
>;

/** The root of the container's file system, as compose.yaml and the image lay it out. */
let root: string;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "neuronova-compose-"));
  for (const path of ["tmp", "run/secrets", "var/lib/neuronova-request-bodies", "usr/share/neuronova"])
    await mkdir(join(root, path), { recursive: true });
  createSecrets(join(root, "run/secrets"));
  createCertificate(join(root, "run/secrets"));
  await writeFile(join(root, "usr/share/neuronova/index.html"), "the workspace");
  const compose = parse(await readFile(join(repository, "compose.yaml"), "utf8"), { merge: true }) as {
    services: { nginx: { volumes: string[] } };
  };
  for (const [source = "", target = ""] of compose.services.nginx.volumes.map((volume) => volume.split(":")))
    if (source.startsWith("./")) await cp(join(repository, source), inRoot(target));
  // The image's own.
  await cp("/etc/nginx/mime.types", inRoot("/etc/nginx/mime.types"));
  await relocate("/etc/nginx/nginx.conf", "/etc/nginx/server-address.conf");
  await relocate("/etc/nginx/orthanc-credentials.conf");
  const script = await readFile(join(repository, "docker/nginx-credentials.sh"), "utf8");
  await writeFile(inRoot("/tmp/credentials.sh"), moved(script));
  await run("sh", [inRoot("/tmp/credentials.sh")]);
});

afterEach(() => rm(root, { recursive: true, force: true }));

const inRoot = (path: string) => join(root, path);
/** Absolute paths of the container, in our directory; a test's output is no file that nginx can open. */
const moved = (text: string) =>
  text
    .replaceAll(/(?<=[\s"'])\/(?=(?:etc|tmp|run|var|usr)\/)/g, `${root}/`)
    .replaceAll(/\/dev\/(?=stdout|stderr)/g, `${root}/tmp/`);

async function relocate(...paths: readonly string[]): Promise<void> {
  for (const path of paths) await change(path, moved);
}

async function change(path: string, by: (text: string) => string): Promise<void> {
  const text = await readFile(inRoot(path), "utf8");
  expect(by(text), path).not.toBe(text);
  await writeFile(inRoot(path), by(text));
}

/** The network of compose.yaml has names; here everything is on loopback. nginx before 1.27 does not know `resolve`. */
async function onLoopback(sidecarPort = 8080, orthancPort = 8042): Promise<void> {
  await change("/etc/nginx/upstreams.conf", (text) =>
    text
      .replace("server api:8080 resolve", `server 127.0.0.1:${sidecarPort}`)
      .replace("server orthanc:8042 resolve", `server 127.0.0.1:${orthancPort}`),
  );
}

const configuration = () => [
  "-p",
  dirname(inRoot("/etc/nginx/nginx.conf")),
  "-c",
  "nginx.conf",
  "-e",
  "stderr",
];

test("nginx takes the configuration that compose.yaml mounts, with the secrets that the script makes", async () => {
  await onLoopback();
  const { stderr } = await run("nginx", [...configuration(), "-t"]);
  expect(stderr).toContain("test is successful");
  expect(stderr).not.toContain("[warn]");
});

test.each(["guards.conf", "tls.conf", "orthanc-credentials.conf", "stripped-headers.conf"])(
  "nginx does not start without %s",
  async (file) => {
    await onLoopback();
    await rm(inRoot(`/etc/nginx/${file}`));
    await expect(run("nginx", [...configuration(), "-t"])).rejects.toMatchObject({
      stderr: expect.stringContaining(file) as string,
    });
  },
);

test("it serves the page by TLS, and gives Orthanc the account of the secret", async () => {
  const seen: IncomingMessage[] = [];
  const server = createServer((incoming, response) => {
    seen.push(incoming);
    response.writeHead(200, seen.length === 1 ? { "X-Accel-Redirect": "@orthanc_explorer" } : {}).end("{}");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await onLoopback(port, port);
  const plain = await freePort();
  const tls = await freePort(new Set([plain]));
  await change("/etc/nginx/server-address.conf", (text) =>
    text.replace("127.0.0.1:8080", `127.0.0.1:${plain}`).replace("listen 8443", `listen 127.0.0.1:${tls}`),
  );
  const certificate = await readFile(inRoot("/run/secrets/tls-certificate"), "utf8");
  const get = (path: string) =>
    new Promise<{ status: number; headers: IncomingMessage["headers"]; body: string }>((resolve, reject) => {
      request({ host: "localhost", port: tls, path, ca: certificate, agent: false }, (answer) => {
        let body = "";
        answer.on("data", (chunk: Buffer) => (body += chunk.toString()));
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }));
      })
        .on("error", reject)
        .end();
    });
  // The image's user is nginx; as root, workers would be nobody's and could not read our directory.
  const user = process.getuid?.() === 0 ? "user root; " : "";
  const nginx = spawn("nginx", [...configuration(), "-g", `${user}daemon off;`], { stdio: "ignore" });
  try {
    await expect.poll(() => get("/").catch(() => undefined), { timeout: 10_000 }).toBeDefined();
    const page = await get("/");
    expect([page.status, page.body]).toEqual([200, "the workspace"]);
    expect(page.headers["strict-transport-security"]).toBe("max-age=31536000");
    expect((await get("/orthanc/system")).status).toBe(200);
    expect(seen.map(({ url }) => url)).toEqual(["/orthanc/system", "/system"]);
    const password = await readFile(inRoot("/run/secrets/orthanc-password"), "utf8");
    const credentials = Buffer.from(`neuronova:${password}`).toString("base64");
    expect(seen.map(({ headers }) => headers.authorization)).toEqual([undefined, `Basic ${credentials}`]);
  } finally {
    nginx.kill("SIGTERM");
    await once(nginx, "exit");
    server.closeAllConnections();
    server.close();
  }
});
