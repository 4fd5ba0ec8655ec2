#!/usr/bin/env node
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { migrate } from "./adapters/mysql/migrate.js";
import { accessSchema } from "./authorization/account-access.js";
import type { AccountAccess } from "./authorization/account-store.js";
import { SHORTEST_PASSWORD, hashPassword } from "./authorization/password.js";
import { USER_ROLES, isUserRole, permissionsTable, type UserRole } from "./authorization/permissions.js";
import { readConfig, settingsTable } from "./config.js";
import { openConnections } from "./connections.js";
import { createDemoStudy } from "./phantom/demo-study.js";

const USAGE = `neuronova account put --username NAME --role ROLE [--display-name NAME] [--labels A,B] [--patient-id ID [--issuer-of-patient-id ISSUER]]
                                                       (password on standard input; roles: ${USER_ROLES.join(", ")})
neuronova demo-study --output DIRECTORY                (writes the DICOM files of the demo study)
neuronova settings                                     (prints the table of settings)
neuronova permissions                                  (prints the table of roles and permissions)
`;

/** What was asked for cannot be done as it was asked. */
class UsageError extends Error {}

async function putAccount(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      username: { type: "string" },
      role: { type: "string" },
      "display-name": { type: "string" },
      labels: { type: "string" },
      "patient-id": { type: "string" },
      "issuer-of-patient-id": { type: "string" },
    },
  });
  const { username = "", role = "" } = values;
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(username))
    throw new UsageError("--username takes 1 to 64 letters, digits, dots, dashes");
  if (!isUserRole(role)) throw new UsageError(`--role takes one of: ${USER_ROLES.join(", ")}`);
  const access = accessOf(role, values);
  const password = (await text(process.stdin)).replace(/\r?\n$/, "");
  if (password.length < SHORTEST_PASSWORD)
    throw new UsageError(`the password needs at least ${SHORTEST_PASSWORD} characters`);
  const connections = openConnections(readConfig(process.env));
  try {
    await migrate(connections.sequelize);
    await connections.accounts.put(
      { username, role, displayName: values["display-name"] ?? username, ...access },
      await hashPassword(password),
    );
  } finally {
    await connections.close();
  }
  process.stdout.write(`account ${username} (${role}) is set\n`);
}

/** An external user reaches nothing until labels are named; a patient needs an identity. */
function accessOf(
  role: UserRole,
  values: { labels?: string; "patient-id"?: string; "issuer-of-patient-id"?: string },
): AccountAccess {
  const access = accessSchema.safeParse({
    role,
    labels: values.labels?.split(",").filter((label) => label !== ""),
    patient:
      values["patient-id"] === undefined
        ? null
        : {
            patientId: values["patient-id"],
            issuerOfPatientId: values["issuer-of-patient-id"] ?? "",
          },
  });
  if (!access.success) throw new UsageError(access.error.issues.map(({ message }) => message).join("; "));
  return { labels: access.data.labels, patient: access.data.patient, disabled: false };
}

async function writeDemoStudy(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { output: { type: "string" } } });
  if (values.output === undefined) throw new UsageError("--output names the directory to write to");
  await mkdir(values.output, { recursive: true });
  const files = createDemoStudy({});
  for (const { fileName, bytes } of files) await writeFile(join(values.output, fileName), bytes);
  process.stdout.write(`${files.length} files in ${values.output}\n`);
}

async function main([command, ...rest]: string[]): Promise<void> {
  if (command === "account" && rest[0] === "put") return putAccount(rest.slice(1));
  if (command === "demo-study") return writeDemoStudy(rest);
  if (command === "settings") {
    process.stdout.write(`${settingsTable()}\n`);
    return;
  }
  if (command === "permissions") {
    process.stdout.write(`${permissionsTable()}\n`);
    return;
  }
  if (command === "--help" || command === "help") {
    process.stdout.write(USAGE);
    return;
  }
  throw new UsageError(USAGE);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const usage =
    error instanceof UsageError || (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS");
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(usage ? 64 : 1);
});
