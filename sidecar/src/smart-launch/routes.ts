import { Router, type Response } from "express";
import { z } from "zod";
import { noteForAudit } from "../audit/audit-request.js";
import { ApiError } from "../error-response.js";
import { failurePage } from "./failure-page.js";
import { sessionCookie, sessionSecretIn, ticketCookie, ticketIn } from "./launch-cookies.js";
import type { LaunchedSession } from "./launched-session-store.js";
import type { Launches } from "./launches.js";

const word = (longest: number) => z.string().min(1).max(longest);
export const launchQuery = z.object({ iss: word(1_024), launch: word(4_096) });
export const callbackQuery = z.object({
  state: z.string().regex(/^[\w-]{43}$/),
  code: word(4_096).optional(),
  error: word(1_024).optional(),
  iss: word(1_024).optional(),
});
const SESSION_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** `/smart`: where an EMR sends a browser to (SMART App Launch 2.2, EHR launch), and back to from its login. */
export function smartRoutes(launches: Launches): Router {
  const router = Router();
  router.get("/launch", async (request, response) => {
    const { iss, launch } = parsed(launchQuery, request.query);
    const { address, state, sealed } = await launches.begin(iss, launch);
    response.setHeader("Set-Cookie", ticketCookie(state, sealed));
    lead(response, address);
  });
  router.get("/callback", async (request, response) => {
    const { state, code, error, iss } = parsed(callbackQuery, request.query);
    const ticket = ticketIn(request.headers.cookie, state);
    // Good for one try, whatever comes of it.
    if (ticket !== undefined) response.setHeader("Set-Cookie", ticketCookie(state, ""));
    const { session, secret } = await launches.finish({ state, code, error, iss }, ticket);
    noteLaunched(response, session);
    const seconds = Math.ceil((session.expiresAt.getTime() - Date.now()) / 1_000);
    response.appendHeader("Set-Cookie", sessionCookie(session.id, secret, seconds));
    lead(response, `/launched/${session.id}`);
  });
  router.use(failurePage);
  return router;
}

/** `/api/launches/{id}`: how the page of a launched session goes on, and ends. */
export function launchRoutes(launches: Launches): Router {
  const router = Router();
  router.post("/:id/renewal", async (request, response) => {
    const id = sessionIdOf(request.params.id);
    const { session, access } = await launches.renew(id, sessionSecretIn(request.headers.cookie));
    noteLaunched(response, session);
    response.setHeader("Cache-Control", "no-store");
    response.json(access);
  });
  router.delete("/:id", async (request, response) => {
    const id = sessionIdOf(request.params.id);
    const session = await launches.end(id, sessionSecretIn(request.headers.cookie));
    if (session !== null) noteLaunched(response, session);
    response.setHeader("Set-Cookie", sessionCookie(id, "", 0));
    response.status(204).end();
  });
  return router;
}

/** The code and the state in the address leave the browser's history with the redirect. */
function lead(response: Response, address: string): void {
  response.setHeader("Cache-Control", "no-store");
  response.setHeader("Location", address);
  response.status(303).end();
}

function noteLaunched(
  response: Response,
  { id, subject, displayName, role, patient }: LaunchedSession,
): void {
  noteForAudit(response, {
    who: { subject, kind: "oidc", displayName, role, tokenId: `launch:${id}` },
    patient,
  });
}

function parsed<Schema extends z.ZodType>(schema: Schema, query: unknown): z.output<Schema> {
  const words = schema.safeParse(query);
  if (words.success) return words.data;
  throw new ApiError(
    400,
    "request-malformed",
    "This address needs what an EMR adds to it: launch from the EMR.",
  );
}

/** An address that no session has is that of one that is over. */
function sessionIdOf(id: string | undefined): string {
  if (id === undefined || !SESSION_ID.test(id))
    throw new ApiError(401, "launch-over", "There is no such session: launch again from the EMR.");
  return id;
}
