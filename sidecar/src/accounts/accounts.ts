import { z } from "zod";
import { accessSchema, labelsSchema, patientSchema, roleSchema } from "../authorization/account-access.js";
import type { AccountDetails, AccountStore } from "../authorization/account-store.js";
import { demandAll } from "../authorization/authenticate.js";
import { permissionsOf } from "../authorization/permissions.js";
import type { Principal } from "../authorization/principal.js";
import { passwordSchema } from "../authorization/password.js";
import type { Passwords } from "../authorization/passwords.js";
import { ApiError } from "../error-response.js";
import { parseBody } from "../authorization/parse-body.js";

const usernameSchema = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, { error: "a user name has 1 to 64 letters, digits, dots, dashes or _" });
const displayNameSchema = z.string().trim().min(1).max(255);
export const newAccountSchema = z.strictObject({
  username: usernameSchema,
  displayName: displayNameSchema.optional(),
  role: roleSchema,
  labels: labelsSchema.optional(),
  patient: patientSchema.nullish(),
  password: passwordSchema,
});
export const changeSchema = z
  .strictObject({
    displayName: displayNameSchema.optional(),
    role: roleSchema.optional(),
    labels: labelsSchema.optional(),
    patient: patientSchema.nullable().optional(),
    disabled: z.boolean().optional(),
  })
  .refine((change) => Object.keys(change).length > 0, { error: "nothing to change" });

export const newPasswordSchema = z.strictObject({ password: passwordSchema });

/** What administrators do to accounts, by the REST API and by command. */
export class Accounts {
  constructor(
    private readonly store: AccountStore,
    private readonly passwords: Passwords,
    /** Has every process look identities up again. */
    private readonly changed: () => void,
  ) {}

  list(limit: number, offset: number): Promise<AccountDetails[]> {
    return this.store.list(limit, offset);
  }

  /** @throws ApiError 400; 403 for a role that may more than the creator; 409 `username-taken` */
  async create(creator: Principal, body: unknown): Promise<AccountDetails> {
    const { username, displayName = username, password, ...access } = parseBody(newAccountSchema, body);
    const account = { username, displayName, disabled: false, ...parseBody(accessSchema, access) };
    demandAll(creator, permissionsOf(account.role));
    const id = await this.store.create(account, await this.passwords.hash(password));
    if (id === null) throw new ApiError(409, "username-taken", "There is an account of this name.");
    return this.details(id);
  }

  /** Creates the account or replaces all of it: for set-up by command. */
  async put(body: unknown): Promise<void> {
    const { username, displayName = username, password, ...access } = parseBody(newAccountSchema, body);
    const account = { username, displayName, disabled: false, ...parseBody(accessSchema, access) };
    await this.store.put(account, await this.passwords.hash(password));
    this.changed();
  }

  /** @throws ApiError 404 `no-such-account` */
  async details(id: number): Promise<AccountDetails> {
    const account = await this.store.details(id);
    if (account === null) throw noSuchAccount();
    return account;
  }

  /**
   * Changes what the body names. Tokens made before are void.
   * @param by undefined for whoever has the command line
   * @throws ApiError 400, 404; 403 for an account or role that may more than they
   */
  async change(by: Principal | undefined, id: number, body: unknown): Promise<AccountDetails> {
    const { disabled, displayName, ...change } = parseBody(changeSchema, body);
    const current = await this.details(id);
    // Whoever becomes external reaches nothing until labels are named; everybody else keeps theirs.
    const becomesExternal = change.role === "external" && current.role !== "external";
    const labels = change.labels ?? (becomesExternal ? [] : current.labels);
    const access = parseBody(accessSchema, { ...current, ...change, labels });
    if (by) for (const { role } of [current, access]) demandAll(by, permissionsOf(role));
    const done = await this.store.update(id, {
      ...access,
      ...(disabled === undefined ? {} : { disabled }),
      ...(displayName === undefined ? {} : { displayName }),
    });
    if (!done) throw noSuchAccount();
    this.changed();
    return this.details(id);
  }

  /** @throws ApiError 400, 404; 403 for an account that may more than they */
  async setPassword(by: Principal | undefined, id: number, body: unknown): Promise<void> {
    const { password } = parseBody(newPasswordSchema, body);
    if (by) demandAll(by, permissionsOf((await this.details(id)).role));
    if (!(await this.store.setPassword(id, await this.passwords.hash(password)))) throw noSuchAccount();
    this.changed();
  }

  /** @throws ApiError 404 */
  async byName(username: string): Promise<number> {
    const account = await this.store.find(username);
    if (account === null) throw noSuchAccount();
    return account.id;
  }
}

function noSuchAccount(): ApiError {
  return new ApiError(404, "no-such-account", "There is no such account.");
}
