import { parseArgs } from "node:util";
import { parseBody } from "../authorization/parse-body.js";
import { ApiError } from "../error-response.js";
import { accessOf, type Who } from "./access.js";
import type { AuditTrail } from "./audit-trail.js";
import type { SealedRecord } from "./chain.js";
import { pages } from "./routes.js";
import { filterSchema, type AuditSearch } from "./search.js";
import { CSV_HEAD, csvLine, ndjsonLine } from "./table.js";
import { verifyChain, type Anchor, type ChainReads } from "./verify.js";

export interface AuditCommandDependencies {
  readonly trail: AuditTrail;
  readonly search: AuditSearch;
  readonly chain: ChainReads;
  readonly who: Who;
  /** Writes to standard output; resolves when there is room for more. */
  readonly print: (text: string) => Promise<void>;
}

const PAGE = 1_000;
const FILTERS = ["user", "patient", "issuer", "study", "action", "outcome", "from", "to"] as const;

/**
 * `neuronova audit …`
 * @returns the exit status: 1 when the chain is broken
 * @throws ApiError for arguments that cannot be done
 */
export async function auditCommand(
  [command = "", ...args]: readonly string[],
  dependencies: AuditCommandDependencies,
): Promise<number> {
  if (command === "verify") return verify(args, dependencies);
  if (command === "export") return exportAll(args, dependencies);
  throw new ApiError(400, "request-malformed", "audit takes one of: verify, export");
}

async function verify(args: string[], dependencies: AuditCommandDependencies): Promise<number> {
  const { values } = parseArgs({ args, options: { anchor: { type: "string", multiple: true } } });
  const anchors = (values.anchor ?? []).map(anchorOf);
  await tell("audit-verify", dependencies);
  const verification = await verifyChain(dependencies.chain, anchors);
  await dependencies.print(ndjsonLine(verification));
  return verification.valid ? 0 : 1;
}

async function exportAll(args: string[], dependencies: AuditCommandDependencies): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      format: { type: "string", default: "ndjson" },
      chain: { type: "boolean", default: false },
      ...Object.fromEntries(FILTERS.map((name) => [name, { type: "string" as const }])),
    },
  });
  const { format, chain, ...given } = values;
  if ((format !== "ndjson" && format !== "csv") || (chain && format !== "ndjson"))
    throw new ApiError(400, "request-malformed", "see neuronova help for what audit export takes");
  const filter = parseBody(filterSchema.strict(), given);
  await tell("audit-export", dependencies);
  if (chain) return exportChain(dependencies);
  const line = format === "csv" ? csvLine : ndjsonLine;
  if (format === "csv") await dependencies.print(CSV_HEAD);
  for await (const page of pages(dependencies.search, filter, null))
    await dependencies.print(page.map(line).join(""));
  return 0;
}

/** Every sealed row as it is in the chain, in its order: what a copy kept elsewhere is compared by. */
async function exportChain({ chain, print }: AuditCommandDependencies): Promise<number> {
  let page: SealedRecord[] = [];
  do {
    page = await chain.sealedAfter(page.at(-1)?.sequence ?? 0, PAGE);
    await print(page.map(ndjsonLine).join(""));
  } while (page.length === PAGE);
  return 0;
}

async function tell(action: "audit-verify" | "audit-export", { trail, who }: AuditCommandDependencies) {
  await trail.record(accessOf({ who, source: { address: "", userAgent: "" }, action }));
}

function anchorOf(text: string): Anchor {
  const [, sequence, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (hash === undefined)
    throw new ApiError(400, "request-malformed", "an anchor is SEQUENCE:HASH, as the log has it");
  return { sequence: Number(sequence), hash };
}
