import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../local-stack/repository.mjs";

/** Has PHP read every file of the OpenEMR module, then runs its tests against the stand-in of OpenEMR. */
const root = join(repositoryRoot, "openemr-module");
const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith(".php"),
);
let failures = 0;
for (const file of files) {
  const { status, stdout, stderr } = spawnSync("php", ["-l", file], { cwd: root, encoding: "utf8" });
  if (status === 0) continue;
  failures += 1;
  console.error(stdout, stderr);
}
const tests = spawnSync("phpunit", ["-c", "test/php/phpunit.xml"], { cwd: root, stdio: "inherit" });
console.log(`${files.length} files read, ${failures} with errors`);
process.exitCode = failures === 0 && files.length > 0 && tests.status === 0 ? 0 : 1;
