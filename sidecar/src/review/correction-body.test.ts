import express from "express";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Server } from "node:http";
import { ApiError } from "../error-response.js";
import { readCorrectionBody } from "./correction-body.js";

let server: Server;
let address: string;

beforeAll(async () => {
  const app = express();
  const raw = express.raw({ type: ["application/dicom", "multipart/form-data"], limit: "1mb" });
  app.put("/", raw, async (request, response) => {
    try {
      const { file, comment } = await readCorrectionBody(request);
      response.json({ file: file.toString("hex"), comment });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      response.status(error.status).json({ code: error.code });
    }
  });
  server = app.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

afterAll(() => server.close());

const FILE = Uint8Array.of(0, 13, 10, 45, 45, 255);

async function put(body: string | FormData | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) {
  const response = await fetch(address, { method: "PUT", headers, body });
  return { status: response.status, ...((await response.json()) as Record<string, unknown>) };
}

function formWith(fields: Record<string, string | Blob>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
}

test("a file alone has no comment", async () => {
  const answer = await put(FILE, { "Content-Type": "application/dicom" });
  expect(answer).toEqual({ status: 200, file: "000d0a2d2dff", comment: null });
});

test("a form has the file byte by byte, and the comment as it was written", async () => {
  const segmentation = new Blob([FILE], { type: "application/dicom" });
  expect(await put(formWith({ segmentation, comment: " 경계 수정 " }))).toEqual({
    status: 200,
    file: "000d0a2d2dff",
    comment: "경계 수정",
  });
  expect(await put(formWith({ segmentation }))).toMatchObject({ status: 200, comment: null });
});

test("a form without a file, with a comment that is too long, or cut off, is refused", async () => {
  const segmentation = new Blob([FILE]);
  const malformed = { status: 400, code: "request-malformed" };
  expect(await put(formWith({ comment: "no file" }))).toEqual(malformed);
  expect(await put(formWith({ segmentation: "text" }))).toEqual(malformed);
  expect(await put(formWith({ segmentation, comment: "x".repeat(2_001) }))).toEqual(malformed);
  const cut = { "Content-Type": "multipart/form-data; boundary=here" };
  expect(await put("--here\r\nContent-Disposition: form-data", cut)).toEqual(malformed);
  expect((await put("{}", { "Content-Type": "application/json" })).status).toBe(415);
});
