import { parseArgs } from "node:util";
import { ApiError } from "../error-response.js";
import type { Accounts } from "./accounts.js";

export const ACCOUNT_COMMANDS = ["put", "list", "enable", "disable", "password"] as const;

/**
 * `neuronova account …`
 * @returns what to print
 * @throws ApiError, TypeError for arguments that cannot be done
 */
export async function accountCommand(
  [command = "", ...args]: readonly string[],
  accounts: Accounts,
  readPassword: () => Promise<string>,
): Promise<string> {
  const { values } = parseArgs({
    args,
    options: {
      username: { type: "string" },
      role: { type: "string" },
      "display-name": { type: "string" },
      labels: { type: "string" },
      "patient-id": { type: "string" },
      "issuer-of-patient-id": { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  const { username = "", role = "", labels } = values;
  const patientId = values["patient-id"];
  switch (command) {
    case "put":
      await accounts.put({
        username,
        role,
        ...(values["display-name"] === undefined ? {} : { displayName: values["display-name"] }),
        ...(labels === undefined ? {} : { labels: labels.split(",").filter((label) => label !== "") }),
        ...(patientId === undefined
          ? {}
          : { patient: { patientId, issuerOfPatientId: values["issuer-of-patient-id"] ?? "" } }),
        password: await readPassword(),
      });
      return `account ${username} (${role}) is set`;
    case "list":
      if (values.json) return JSON.stringify(await accounts.list(10_000, 0), null, 2);
      return (await accounts.list(10_000, 0))
        .map((account) =>
          [
            account.username,
            account.role,
            account.disabled ? "disabled" : "enabled",
            account.labels.join(","),
          ].join("\t"),
        )
        .join("\n");
    case "enable":
    case "disable":
      await accounts.change(undefined, await accounts.byName(username), { disabled: command === "disable" });
      return `account ${username} is ${command}d`;
    case "password":
      await accounts.setPassword(undefined, await accounts.byName(username), {
        password: await readPassword(),
      });
      return `account ${username} has another password`;
    default:
      throw new ApiError(400, "request-malformed", `account takes one of: ${ACCOUNT_COMMANDS.join(", ")}`);
  }
}
