import { Router, type Response } from "express";
import { decodeJwt } from "jose";
import { z } from "zod";
import type { Who } from "../audit/access.js";
import { noteForAudit } from "../audit/audit-request.js";
import { ApiError } from "../error-response.js";
import type { Account } from "./account-store.js";
import type { TokenVerifier } from "./access-token.js";
import { allowAuthenticated, principalOf } from "./allow.js";
import { parseBody } from "./parse-body.js";
import { passwordSchema } from "./password.js";
import { SESSION_SECONDS, type Session, type Sessions } from "./sessions.js";

const COOKIE = "neuronova_refresh";
export const loginSchema = z.object({
  username: z.string().min(1).max(64),
  password: z.string().min(1).max(1_024),
  /** A program that keeps no cookies asks for the refresh token in the body. */
  refreshTokenIn: z.enum(["cookie", "body"]).default("cookie"),
});
export const refreshSchema = z.object({ refreshToken: z.string().min(1).max(1_024) });
export const passwordChangeSchema = z.object({
  oldPassword: z.string().min(1).max(1_024),
  newPassword: passwordSchema,
});

/** `/api/auth`: login, refresh, logout, own password. A page's refresh token lives in a cookie no script can read. */
export function authorizationRoutes(sessions: Sessions, tokens: TokenVerifier): Router {
  const router = Router();
  router.post("/login", async (request, response) => {
    const credentials = loginSchema.safeParse(request.body);
    if (!credentials.success)
      throw new ApiError(400, "request-malformed", "A JSON body with username and password is needed.");
    const { username, password, refreshTokenIn } = credentials.data;
    answer(response, await sessions.login(username, password), refreshTokenIn);
  });
  router.post("/refresh", async (request, response) => {
    const inBody = refreshSchema.safeParse(request.body);
    const token = inBody.success ? inBody.data.refreshToken : cookieOf(request.headers.cookie);
    if (token === undefined)
      throw new ApiError(401, "no-session", "There is no session to continue: log in.");
    answer(response, await sessions.refresh(token), inBody.success ? "body" : "cookie");
  });
  router.post("/logout", async (request, response) => {
    const inBody = refreshSchema.safeParse(request.body);
    const token = inBody.success ? inBody.data.refreshToken : cookieOf(request.headers.cookie);
    const account = token === undefined ? null : await sessions.logout(token);
    if (account !== null) noteForAudit(response, { who: whoOfAccount(account) });
    response.setHeader("Set-Cookie", cookie("", 0));
    response.status(204).end();
  });
  router.post("/password", allowAuthenticated(tokens), async (request, response) => {
    const { oldPassword, newPassword } = parseBody(passwordChangeSchema, request.body);
    const [, id] = /^account:(\d+)$/.exec(principalOf(response).subject) ?? [];
    if (id === undefined)
      throw new ApiError(403, "forbidden", "Only an account of this program has a password here.");
    await sessions.changePassword(Number(id), oldPassword, newPassword);
    response.setHeader("Set-Cookie", cookie("", 0));
    response.status(204).end();
  });
  router.get("/me", allowAuthenticated(tokens), (_request, response) => {
    const { subject, kind, displayName, role, permissions, labels, patient, studyInstanceUids, expiresAt } =
      principalOf(response);
    response.json({
      subject,
      kind,
      displayName,
      role,
      permissions: [...permissions],
      labels,
      patient,
      studyInstanceUids,
      expiresAt,
    });
  });
  return router;
}

function answer(
  response: Response,
  { refreshToken, ...session }: Session,
  refreshTokenIn: "cookie" | "body",
): void {
  const { sub: subject = "", jti = "" } = decodeJwt(session.accessToken);
  const { displayName, role } = session.account;
  noteForAudit(response, { who: { subject, kind: "account", displayName, role, tokenId: jti } });
  response.setHeader("Cache-Control", "no-store");
  if (refreshTokenIn === "cookie") response.setHeader("Set-Cookie", cookie(refreshToken, SESSION_SECONDS));
  response.json(refreshTokenIn === "cookie" ? session : { ...session, refreshToken });
}

function whoOfAccount({ id, displayName, role }: Account): Who {
  return { subject: `account:${id}`, kind: "account", displayName, role, tokenId: "" };
}

/** SameSite=Strict: no other site can have the browser send it, so refresh and logout need no further CSRF guard. */
function cookie(value: string, maxAgeSeconds: number): string {
  return `${COOKIE}=${value}; Path=/api/auth; HttpOnly; Secure; SameSite=Strict; Max-Age=${maxAgeSeconds}`;
}

function cookieOf(header: string | undefined): string | undefined {
  const pair = header
    ?.split(";")
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${COOKIE}=`));
  const value = pair?.slice(COOKIE.length + 1);
  return value === undefined || value === "" ? undefined : value;
}
