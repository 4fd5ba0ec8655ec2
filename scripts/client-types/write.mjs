import { writeFile } from "node:fs/promises";
import { CLIENT_TYPES, clientTypes, describedApi } from "./client-types.mjs";

const root = new URL("../../", import.meta.url);
await writeFile(new URL(CLIENT_TYPES, root), await clientTypes(await describedApi("dist", "js")));
