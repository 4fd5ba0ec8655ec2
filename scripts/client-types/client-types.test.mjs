import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { CLIENT_TYPES, clientTypes, describedApi } from "./client-types.mjs";

test("the types of the web components are those of the API's description", async () => {
  const root = new URL("../../", import.meta.url);
  const written = await readFile(new URL(CLIENT_TYPES, root), "utf8");
  expect(written, "run npm run client-types").toBe(await clientTypes(await describedApi("src", "ts")));
}, 60_000);
