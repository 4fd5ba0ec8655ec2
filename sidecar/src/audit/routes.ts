import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Router, type Response } from "express";
import { z } from "zod";
import { parseBody } from "../authorization/parse-body.js";
import type { Logger } from "../log.js";
import { noteForAudit } from "./audit-request.js";
import { filterSchema, type AuditEntry, type AuditFilter, type AuditSearch } from "./search.js";
import { CSV_HEAD, csvLine, ndjsonLine } from "./table.js";
import { verifyChain, type ChainReads } from "./verify.js";

const EXPORT_PAGE = 1_000;
const MEDIA_TYPES = { csv: "text/csv", ndjson: "application/x-ndjson" } as const;

export const auditQuery = filterSchema.extend({
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  before: z.coerce.number().int().min(1).optional(),
  format: z.enum(["json", "csv", "ndjson"]).optional(),
});

export interface AuditRoutesDependencies {
  readonly search: AuditSearch;
  readonly chain: ChainReads;
  readonly log: Logger;
}

/** `/api/audit`, for those who have `audit-logs` and reach every study. Reading it is recorded, too. */
export function auditRoutes({ search, chain, log }: AuditRoutesDependencies): Router {
  const router = Router();
  router.get("/", async (request, response) => {
    const { limit, before, format, ...filter } = parseBody(auditQuery, request.query);
    const asked = format ?? formatOf(request.headers.accept);
    if (asked !== "json") {
      noteForAudit(response, { target: `export:${asked}` });
      await exportTo(response, asked, pages(search, filter, before ?? null));
      return;
    }
    const entries = await search.entries(filter, before ?? null, limit);
    response.json({ entries, next: entries.length === limit ? (entries.at(-1)?.id ?? null) : null });
  });
  router.get("/verify", async (_request, response) => {
    const verification = await verifyChain(chain);
    if (!verification.valid) log.error(verification, "the audit chain is broken");
    response.json(verification);
  });
  return router;
}

/** All entries, page by page, newest first. */
export async function* pages(
  search: AuditSearch,
  filter: AuditFilter,
  before: number | null,
): AsyncGenerator<AuditEntry[], void> {
  for (let last = before; ;) {
    const page = await search.entries(filter, last, EXPORT_PAGE);
    if (page.length > 0) yield page;
    if (page.length < EXPORT_PAGE) return;
    last = page.at(-1)?.id ?? null;
  }
}

async function exportTo(
  response: Response,
  format: "csv" | "ndjson",
  entries: AsyncIterator<readonly AuditEntry[], void>,
): Promise<void> {
  const line = format === "csv" ? csvLine : ndjsonLine;
  // The first page before the head: a database that is away is a 503, not half a file.
  const first = await entries.next();
  response.setHeader("Content-Type", `${MEDIA_TYPES[format]}; charset=utf-8`);
  response.setHeader("Content-Disposition", `attachment; filename="audit.${format}"`);
  const text = async function* () {
    if (format === "csv") yield CSV_HEAD;
    for (let page = first; page.done !== true; page = await entries.next())
      yield page.value.map(line).join("");
  };
  await pipeline(Readable.from(text()), response);
}

function formatOf(accept: string | undefined): "json" | "csv" | "ndjson" {
  if (accept?.includes(MEDIA_TYPES.csv)) return "csv";
  return accept?.includes(MEDIA_TYPES.ndjson) ? "ndjson" : "json";
}
