import { z } from "zod";
import type { Operations } from "../openapi/operation.js";
import { count, instant, number, permissions, uid } from "../openapi/values.js";
import { exchangeSchema, pageSchema } from "./routes.js";
import { linkRequest } from "./share-links.js";

const session = z
  .object({
    accessToken: z.string(),
    tokenType: z.literal("Bearer"),
    expiresInSeconds: z.int().min(1),
    studyInstanceUids: z.array(uid),
    permissions: z.array(z.string()),
    linkExpiresAt: instant,
  })
  .meta({ id: "ShareSession" });
const link = z
  .object({
    id: number,
    type: z.string(),
    note: z.string(),
    permissions,
    studyInstanceUids: z.array(uid),
    createdBy: z.string(),
    createdByName: z.string(),
    createdAt: instant,
    expiresAt: instant,
    usesAllowed: z.int().nullable().meta({ description: "null for any number" }),
    uses: count,
    lastUsedAt: instant.nullable(),
    revokedAt: instant.nullable(),
    revokedBy: z.string().nullable(),
  })
  .meta({ id: "ShareLink" });
const minted = z.object({
  id: number,
  token: z.string().meta({ description: "Shown this once" }),
  expiresAt: instant,
  url: z.string().meta({ description: "What to give away" }),
});

/** `/api/share-links`, described. */
export const SHARE_LINK_OPERATIONS: Operations = {
  "POST /api/share-links/exchange": {
    id: "exchangeShareLink",
    tag: "share-links",
    summary: "Opens a link: its token for an access token; counts as one use",
    needs: "nothing",
    body: { schema: exchangeSchema },
    answers: { 200: { description: "The session", schema: session } },
    problems: ["share-link-expired", "share-link-invalid"],
  },
  "POST /api/share-links/renewal": {
    id: "renewShareSession",
    tag: "share-links",
    summary: "Another access token for whoever has one of the link; no further use",
    needs: "a token",
    answers: { 200: { description: "The session", schema: session } },
    problems: ["share-link-expired", "share-link-invalid"],
  },
  "POST /api/share-links": {
    id: "createShareLink",
    tag: "share-links",
    summary: "Makes a link to studies that one may see and share",
    description: "`expiresAt` (ISO 8601) lies at most 90 days ahead.",
    needs: "share",
    body: { schema: linkRequest },
    answers: { 201: { description: "The link", schema: minted } },
    problems: ["study-forbidden", "study-not-found", "study-ambiguous"],
    example: { body: { studyInstanceUids: ["$STUDY"], permissions: ["view"], expiresAt: "$TOMORROW" } },
  },
  "GET /api/share-links": {
    id: "listShareLinks",
    tag: "share-links",
    summary: "One's own links, of administrators everybody's; the newest first",
    needs: "share",
    query: pageSchema,
    answers: { 200: { description: "A page", schema: z.object({ shareLinks: z.array(link) }) } },
    example: {},
  },
  "DELETE /api/share-links/:id": {
    id: "revokeShareLink",
    tag: "share-links",
    summary: "Revokes a link",
    needs: "share",
    answers: { 204: { description: "It is revoked" } },
    problems: ["no-such-share-link"],
  },
};
