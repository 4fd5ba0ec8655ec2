import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { API } from "../../sidecar/src/openapi/api.ts";
import { openApiDocument } from "../../sidecar/src/openapi/document.ts";
import { CLIENT_TYPES, clientTypes } from "./client-types.mjs";

test("the types of the web components are those of the API's description", async () => {
  const root = new URL("../../", import.meta.url);
  const written = await readFile(new URL(CLIENT_TYPES, root), "utf8");
  expect(written, "run npm run client-types").toBe(await clientTypes(openApiDocument(API)));
}, 60_000);
