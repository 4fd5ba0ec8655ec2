import { existsSync } from "node:fs";
import { join } from "node:path";
import { forgetStack, lockDirectory, unlockDirectory } from "./local-stack/stack-directory.mjs";
import { repositoryRoot } from "./local-stack/repository.mjs";

/** `npm run reset`: forgets the local stack's data, secrets and logs. Refuses while it runs. */
const directory = join(repositoryRoot, ".local");
if (!existsSync(directory)) console.log("There is nothing to forget.");
else {
  try {
    lockDirectory(directory);
    forgetStack(directory);
    unlockDirectory(directory);
    console.log("Forgotten: data, secrets and logs in .local/. What was installed there stays.");
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
