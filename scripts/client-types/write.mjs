import { writeFile } from "node:fs/promises";
import { API } from "../../sidecar/dist/openapi/api.js";
import { openApiDocument } from "../../sidecar/dist/openapi/document.js";
import { CLIENT_TYPES, clientTypes } from "./client-types.mjs";

const root = new URL("../../", import.meta.url);
await writeFile(new URL(CLIENT_TYPES, root), await clientTypes(openApiDocument(API)));
