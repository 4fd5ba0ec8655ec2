import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "./repository.mjs";

/**
 * Puts the demo accounts into the sidecar's database, once per stack directory.
 *
 * @param {import("./stack-directory.mjs").StackDirectory} layout
 * @param {{ secrets: import("./secrets.mjs").StackSecrets, environment: Readonly<Record<string, string>> }} settings
 */
export async function putAccounts(layout, { secrets, environment }) {
  const done = join(layout.data, "accounts-were-put");
  if (existsSync(done)) return;
  await Promise.all([
    putAccount(
      { username: "admin", displayName: "Administrator", password: secrets.adminPassword },
      environment,
    ),
    putAccount(
      { username: "doctor", displayName: "Demo Doctor", password: secrets.doctorPassword },
      environment,
    ),
  ]);
  writeFileSync(done, "");
}

/**
 * @param {{ username: "admin" | "doctor", displayName: string, password: string }} account
 * @param {Readonly<Record<string, string>>} environment
 * @returns {Promise<void>}
 */
function putAccount({ username, displayName, password }, environment) {
  const commandLine = join(repositoryRoot, "sidecar/dist/cli.js");
  const options = ["--username", username, "--role", username, "--display-name", displayName];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [commandLine, "account", "put", ...options], {
      env: { PATH: process.env["PATH"] ?? "", ...environment },
      stdio: ["pipe", "ignore", "pipe"],
    });
    let problem = "";
    child.stderr.on("data", (data) => (problem += data));
    child.once("error", reject);
    child.once("exit", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`Account ${username} could not be put (exit status ${code}): ${problem.trim()}`));
    });
    child.stdin.end(password);
  });
}
