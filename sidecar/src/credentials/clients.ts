import { z } from "zod";
import { labelsSchema } from "../authorization/account-access.js";
import { trustedUrlSchema } from "../authorization/identity-provider.js";
import { demandAll } from "../authorization/authenticate.js";
import { parseBody } from "../authorization/parse-body.js";
import type { Principal } from "../authorization/principal.js";
import { ApiError } from "../error-response.js";
import { grantableSchema } from "./api-keys.js";
import type { ClientStore, OAuthClient } from "./client-store.js";

/** Members of a private or a secret key (RFC 7518 section 6): they have no business here. */
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

const jwksSchema = z.object({
  keys: z
    .array(
      z
        .looseObject({ kty: z.enum(["RSA", "EC"]), kid: z.string().min(1).max(255) })
        .refine((key) => PRIVATE_MEMBERS.every((member) => !Object.hasOwn(key, member)), {
          error: "this is a private key: register the public one, and replace this one",
        }),
    )
    .min(1)
    .max(20),
});

export const newClientSchema = z
  .strictObject({
    clientId: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, {
      error: "a client identifier has 1 to 64 letters, digits, dots, dashes or _",
    }),
    name: z.string().trim().min(1).max(255),
    permissions: grantableSchema,
    labels: labelsSchema,
    jwks: jwksSchema.optional(),
    jwksUri: trustedUrlSchema.optional(),
  })
  .refine(({ jwks, jwksUri }) => (jwks === undefined) !== (jwksUri === undefined), {
    error: "either jwks or jwksUri is needed",
  });

/** Registration of programs that get tokens by client_credentials. */
export class Clients {
  constructor(
    private readonly store: ClientStore,
    /** Has every process look identities up again. */
    private readonly changed: () => void,
  ) {}

  /**
   * @returns the client's identifier
   * @throws ApiError 400; 403 for permissions the creator does not have; 409 `client-taken`
   */
  async register(creator: Principal, body: unknown): Promise<string> {
    const { jwks = null, jwksUri = null, ...client } = parseBody(newClientSchema, body);
    demandAll(creator, client.permissions);
    const added = await this.store.add({ ...client, jwks, jwksUri, createdBy: creator.subject });
    if (!added)
      throw new ApiError(409, "client-taken", "The client identifier is or was in use: take another.");
    return client.clientId;
  }

  list(): Promise<OAuthClient[]> {
    return this.store.list();
  }

  /** @throws ApiError 404 */
  async revoke(clientId: string): Promise<void> {
    if (!(await this.store.revoke(clientId)))
      throw new ApiError(404, "no-such-client", "There is no such client in force.");
    this.changed();
  }
}
