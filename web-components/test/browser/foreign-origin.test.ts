import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDemoStudy } from "../../../sidecar/src/phantom/demo-study.js";
import { decodeIndependently } from "../../../sidecar/test/stack/opj-decompress.js";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { Chromium } from "./chromium.js";

/** A viewer on another origin, as OHIF is one: what it asks for and what it may read of the answers. */
const SIZE = 128;
const servers: Server[] = [];
let stack: RunningStack;
let browser: Chromium;
let allowed: Page;
let stranger: Page;
const [image] = createDemoStudy({ seed: 71, slices: 1, rows: SIZE, columns: SIZE });
const study = `/dicom-web/studies/${image?.studyInstanceUid ?? ""}`;
const series = `${study}/series/${image?.seriesInstanceUid ?? ""}`;
const instance = `${series}/instances/${image?.sopInstanceUid ?? ""}`;
const OHIF = 'multipart/related; type="application/octet-stream"; transfer-syntax="*"';

async function openOrigin(): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { "Content-Type": "text/html" }).end("<!doctype html><title>viewer</title>");
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  const [first, second] = await Promise.all([openOrigin(), openOrigin()]);
  stack = await RunningStack.start({ embedding: { origins: [first] } });
  const events = await stack.events();
  await stack.storeOverWeb(image === undefined ? [] : [image.bytes]);
  await events.until("rendition", () => events.of("instance.rendered").length === 1);
  events.close();
  browser = await Chromium.launch("en-US");
  [allowed, stranger] = [await browser.page(), await browser.page()];
  await allowed.goto(first);
  await stranger.goto(second);
});

afterAll(async () => {
  await browser.close();
  for (const server of servers) server.close();
  await stack.stop();
});

interface Seen {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly bytes: number[];
}

/** A request by the page's own script: undefined where the browser gives it no answer. */
async function ask(page: Page, path: string, headers: Record<string, string>): Promise<Seen | undefined> {
  const all = { Authorization: `Bearer ${await stack.token("doctor")}`, ...headers };
  return page.evaluate(
    async ([url, sent]) => {
      try {
        const response = await fetch(url, { headers: sent });
        const bytes = [...new Uint8Array(await response.arrayBuffer())];
        return { status: response.status, headers: Object.fromEntries(response.headers), bytes };
      } catch {
        return undefined;
      }
    },
    [stack.local.address + path, all] as const,
  );
}

test("an allowed origin searches, reads metadata, a thumbnail, and frames as OHIF asks for them", async () => {
  const json = { Accept: "application/dicom+json" };
  for (const path of [
    `/dicom-web/studies?StudyInstanceUID=${image?.studyInstanceUid ?? ""}`,
    `${study}/series`,
    `${series}/metadata`,
  ]) {
    const answer = await ask(allowed, path, json);
    expect(answer?.status, path).toBe(200);
    expect(JSON.parse(Buffer.from(answer?.bytes ?? []).toString())).toHaveLength(1);
  }
  const thumbnail = await ask(allowed, `${instance}/thumbnail?viewport=256%2C256`, { Accept: "image/jpeg" });
  expect(thumbnail?.headers["content-type"]).toBe("image/jpeg");
  const frame = await ask(allowed, `${instance}/frames/1`, { Accept: OHIF });
  expect(frame?.headers["content-type"]).toContain('type="image/jphc"');
  expect(frame?.headers["content-length"]).toBe(String(frame?.bytes.length));
});

test("it may ask for parts, read where they are, and decode what they make together", async () => {
  const accept = { Accept: "image/jphc" };
  const first = await ask(allowed, `${instance}/frames/1`, { ...accept, Range: "bytes=0-999" });
  expect(first?.status).toBe(206);
  const [, size] = /^bytes 0-999\/(\d+)$/.exec(first?.headers["content-range"] ?? "") ?? [];
  const etag = first?.headers["etag"] ?? "";
  const rest = await ask(allowed, `${instance}/frames/1`, {
    ...accept,
    Range: "bytes=1000-",
    "If-Range": etag,
  });
  expect(rest?.status).toBe(206);
  const whole = Buffer.from([...(first?.bytes ?? []), ...(rest?.bytes ?? [])]);
  expect(String(whole.byteLength)).toBe(size);
  const pixels = Buffer.from((image?.bytes ?? new Uint8Array()).subarray(-SIZE * SIZE * 2));
  expect((await decodeIndependently(whole)).equals(pixels)).toBe(true);
  const again = await ask(allowed, `${instance}/frames/1`, { ...accept, "If-None-Match": etag });
  expect(again?.status).toBe(304);
});

test("another origin is given nothing, whatever token it has", async () => {
  for (const path of [`${instance}/frames/1`, `${series}/metadata`, `${instance}/thumbnail`])
    expect(await ask(stranger, path, { Accept: "*/*" }), path).toBeUndefined();
});
