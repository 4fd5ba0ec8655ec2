import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { lockDirectory } from "./local-stack/stack-directory.mjs";
import { repositoryRoot } from "./local-stack/repository.mjs";

/** `npm run reset`: forgets the local stack's data, secrets and logs. Refuses while it runs. */
const directory = join(repositoryRoot, ".local");
if (!existsSync(directory)) console.log("There is nothing to forget.");
else {
  try {
    lockDirectory(directory);
    rmSync(directory, { recursive: true, force: true });
    console.log("Forgotten: .local/ is gone.");
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
