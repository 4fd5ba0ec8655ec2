import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../local-stack/repository.mjs";
import { PAGE, page } from "./page.mjs";

/** `npm run dependencies` */
writeFileSync(join(repositoryRoot, PAGE), await page());
