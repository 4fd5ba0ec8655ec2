import { z } from "zod";
import type { Operations } from "../openapi/operation.js";
import { instant, patientIdentity, permissions, uid } from "../openapi/values.js";
import { roleSchema } from "./account-access.js";
import { loginSchema, passwordChangeSchema, refreshSchema } from "./routes.js";

const session = z
  .object({
    accessToken: z.string(),
    tokenType: z.literal("Bearer"),
    expiresInSeconds: z.int().min(1),
    account: z.object({ username: z.string(), displayName: z.string(), role: roleSchema }),
    refreshToken: z.string().optional().meta({ description: "Where it was asked for in the body" }),
  })
  .meta({ id: "Session" });

const me = z
  .object({
    subject: z.string().meta({ examples: ["account:7"] }),
    kind: z.enum(["account", "api-key", "client", "oidc", "share-link"]),
    displayName: z.string(),
    role: roleSchema.nullable().meta({ description: "null where permissions were given one by one" }),
    permissions,
    labels: z.array(z.string()).meta({ description: "Of the studies within reach; `*` is every study" }),
    patient: patientIdentity
      .nullable()
      .meta({ description: "Of a patient: nothing but their own is within reach" }),
    studyInstanceUids: z.array(uid).nullable().meta({ description: "Of a share link: these studies only" }),
    expiresAt: instant,
  })
  .meta({ id: "Me" });

/** Where there is none in the body, the cookie has it. */
const tokenIfAny = refreshSchema.partial();
const COOKIE = { "Set-Cookie": "the refresh token, for a client that keeps cookies" };

/** `/api/auth`, described. */
export const AUTHORIZATION_OPERATIONS: Operations = {
  "POST /api/auth/login": {
    id: "logIn",
    tag: "session",
    summary: "Begins a session with a user name and a password",
    description:
      "A program that keeps no cookies asks for `refreshTokenIn: body`. Of an address two a second are taken.",
    needs: "nothing",
    body: { schema: loginSchema },
    answers: { 200: { description: "The session", schema: session, headers: COOKIE } },
    problems: ["invalid-credentials", "too-many-logins"],
    example: { body: { username: "admin", password: "$PASSWORD", refreshTokenIn: "body" } },
  },
  "POST /api/auth/refresh": {
    id: "refreshSession",
    tag: "session",
    summary: "Goes on with a session; a refresh token is good for one use",
    needs: "nothing",
    body: { schema: tokenIfAny, required: false },
    answers: { 200: { description: "The session", schema: session, headers: COOKIE } },
    problems: ["no-session"],
  },
  "POST /api/auth/logout": {
    id: "logOut",
    tag: "session",
    summary: "Ends a session",
    needs: "nothing",
    body: { schema: tokenIfAny, required: false },
    answers: { 204: { description: "It is over", headers: COOKIE } },
  },
  "POST /api/auth/password": {
    id: "changeOwnPassword",
    tag: "session",
    summary: "Changes one's own password; every session of the account is over",
    needs: "a token",
    body: { schema: passwordChangeSchema },
    answers: { 204: { description: "It is changed", headers: COOKIE } },
    problems: ["invalid-credentials", "too-many-logins", "forbidden"],
  },
  "GET /api/auth/me": {
    id: "getMe",
    tag: "session",
    summary: "Who holds the token, and what they may do",
    needs: "a token",
    answers: { 200: { description: "Oneself", schema: me } },
    example: {},
  },
};
