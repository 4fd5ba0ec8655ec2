import { z } from "zod";
import type { Operations } from "../openapi/operation.js";
import { instant } from "../openapi/values.js";
import { callbackQuery, launchQuery } from "./routes.js";

const access = z
  .object({
    accessToken: z.string(),
    tokenType: z.literal("Bearer"),
    expiresInSeconds: z.int().min(1),
    displayName: z.string(),
    role: z.string(),
    patientId: z.string().meta({ description: "Of the chart that is open at the EMR" }),
    sessionExpiresAt: instant,
  })
  .meta({ id: "LaunchedAccess" });
/** For a browser; a program gets the problem. */
const PAGE = ["text/html"];
const id = z.string().meta({ format: "uuid" });

/** `/smart` and `/api/launches`, described. */
export const LAUNCH_OPERATIONS: Operations = {
  "GET /smart/launch": {
    id: "launch",
    tag: "smart-launch",
    summary: "Where an EMR sends a browser to (EHR launch)",
    needs: "nothing",
    query: launchQuery,
    refusalsAlsoAs: PAGE,
    answers: { 303: { description: "To the EMR's login", headers: { Location: "its address" } } },
    problems: ["not-configured", "smart-issuer-unknown", "smart-server-unavailable"],
  },
  "GET /smart/callback": {
    id: "finishLaunch",
    tag: "smart-launch",
    summary: "Where the EMR sends the browser back to",
    needs: "nothing",
    query: callbackQuery,
    refusalsAlsoAs: PAGE,
    answers: { 303: { description: "To the workspace", headers: { Location: "the session's page" } } },
    problems: [
      "not-configured",
      "smart-issuer-unknown",
      "smart-server-unavailable",
      "smart-state-invalid",
      "smart-launch-expired",
      "smart-launch-used",
      "smart-denied",
      "smart-refused",
      "smart-code-refused",
      "smart-user-unknown",
      "smart-role-unknown",
      "smart-patient-missing",
      "smart-patient-unknown",
    ],
  },
  "POST /api/launches/:id/renewal": {
    id: "renewLaunch",
    tag: "smart-launch",
    summary: "Another access token for the page of a launched session, by its cookie",
    needs: "nothing",
    path: { id },
    answers: { 200: { description: "The access", schema: access } },
    problems: ["launch-over"],
  },
  "DELETE /api/launches/:id": {
    id: "endLaunch",
    tag: "smart-launch",
    summary: "Ends a launched session",
    needs: "nothing",
    path: { id },
    answers: { 204: { description: "It is over" } },
    problems: ["launch-over"],
  },
};
