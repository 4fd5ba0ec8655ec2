import { Router, type Response } from "express";
import { z } from "zod";
import { ApiError } from "../error-response.js";
import { REFRESH_TOKEN_SECONDS, type Session, type Sessions } from "./sessions.js";

const COOKIE = "neuronova_refresh";
const loginSchema = z.object({ username: z.string().min(1).max(64), password: z.string().min(1).max(1_024) });

/** `/api/auth`: login, refresh, logout. The refresh token lives in a cookie no script can read. */
export function authorizationRoutes(sessions: Sessions): Router {
  const router = Router();
  router.post("/login", async (request, response) => {
    const credentials = loginSchema.safeParse(request.body);
    if (!credentials.success)
      throw new ApiError(400, "request-malformed", "A JSON body with username and password is needed.");
    answer(response, await sessions.login(credentials.data.username, credentials.data.password));
  });
  router.post("/refresh", async (request, response) => {
    const token = cookieOf(request.headers.cookie);
    if (token === undefined)
      throw new ApiError(401, "no-session", "There is no session to continue: log in.");
    answer(response, await sessions.refresh(token));
  });
  router.post("/logout", async (request, response) => {
    const token = cookieOf(request.headers.cookie);
    if (token !== undefined) await sessions.logout(token);
    response.setHeader("Set-Cookie", cookie("", 0));
    response.status(204).end();
  });
  return router;
}

function answer(response: Response, { refreshToken, ...session }: Session): void {
  response.setHeader("Set-Cookie", cookie(refreshToken, REFRESH_TOKEN_SECONDS));
  response.setHeader("Cache-Control", "no-store");
  response.json(session);
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
