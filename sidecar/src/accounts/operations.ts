import { z } from "zod";
import { roleSchema } from "../authorization/account-access.js";
import type { Operations } from "../openapi/operation.js";
import { instant, number, patientIdentity } from "../openapi/values.js";
import { changeSchema, newAccountSchema, newPasswordSchema } from "./accounts.js";
import { pageSchema } from "./routes.js";

const account = z
  .object({
    id: number,
    username: z.string(),
    displayName: z.string(),
    role: roleSchema,
    labels: z.array(z.string()).meta({ description: "`*` is every study" }),
    patient: patientIdentity.nullable(),
    disabled: z.boolean(),
    lockedUntil: instant.nullable(),
    passwordChangedAt: instant,
    createdAt: instant,
  })
  .meta({ id: "Account" });

/** `/api/accounts`, described. */
export const ACCOUNT_OPERATIONS: Operations = {
  "GET /api/accounts": {
    id: "listAccounts",
    tag: "accounts",
    summary: "Accounts, by page",
    needs: "admin-permissions",
    query: pageSchema,
    answers: { 200: { description: "A page", schema: z.object({ accounts: z.array(account) }) } },
    example: { query: { limit: "20" } },
  },
  "POST /api/accounts": {
    id: "createAccount",
    tag: "accounts",
    summary: "Creates an account",
    description:
      "Labels left out are every study; of an external user, none. The role `patient` needs `patient`.",
    needs: "admin-permissions",
    body: { schema: newAccountSchema },
    answers: { 201: { description: "The account", schema: account } },
    problems: ["username-taken"],
    example: { body: { username: "kim.minjun", role: "nurse", password: "a long enough password" } },
  },
  "GET /api/accounts/:id": {
    id: "getAccount",
    tag: "accounts",
    summary: "An account",
    needs: "admin-permissions",
    answers: { 200: { description: "The account", schema: account } },
    problems: ["no-such-account"],
  },
  "PATCH /api/accounts/:id": {
    id: "changeAccount",
    tag: "accounts",
    summary: "Changes what the body names; tokens of before are void",
    needs: "admin-permissions",
    body: { schema: changeSchema },
    answers: { 200: { description: "The account", schema: account } },
    problems: ["no-such-account", "own-account"],
  },
  "PUT /api/accounts/:id/password": {
    id: "setPassword",
    tag: "accounts",
    summary: "Sets another password; every session of the account is over",
    needs: "admin-permissions",
    body: { schema: newPasswordSchema },
    answers: { 204: { description: "It is set" } },
    problems: ["no-such-account", "too-many-logins"],
  },
};
