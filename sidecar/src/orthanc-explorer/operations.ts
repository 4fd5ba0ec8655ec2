import { z } from "zod";
import type { Operations } from "../openapi/operation.js";

/** `/api/auth/orthanc-session`, described. */
export const EXPLORER_SESSION_OPERATIONS: Operations = {
  "POST /api/auth/orthanc-session": {
    id: "beginOrthancSession",
    tag: "session",
    summary: "Lets a browser into Orthanc Explorer",
    needs: "administer-archive",
    answers: {
      200: {
        description: "Where it is",
        schema: z.object({ address: z.string() }),
        headers: { "Set-Cookie": "for `/orthanc/` alone" },
      },
    },
  },
  "DELETE /api/auth/orthanc-session": {
    id: "endOrthancSession",
    tag: "session",
    summary: "A browser drops its own cookie",
    needs: "nothing",
    answers: { 204: { description: "It is gone" } },
  },
};
