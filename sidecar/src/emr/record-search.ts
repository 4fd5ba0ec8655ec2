import { z } from "zod";
import { asciiText } from "../ascii.js";
import { parseBody } from "../authorization/parse-body.js";
import { ApiError } from "../error-response.js";
import { day, id } from "./content/text.js";
import type { RecordKind } from "./records.js";

const SMALLEST = 1;
const LARGEST_PAGE = 200;
/** Of a state, a kind or a category. */
const word = asciiText(64).optional();
const text = (longest: number) => z.string().min(1).max(longest).optional();

const page = {
  limit: z.coerce.number().int().min(SMALLEST).max(LARGEST_PAGE).default(50),
  cursor: z.string().max(64).optional(),
};
const clinical = {
  ...page,
  patientId: id.optional(),
  status: word,
  /** `system|code`, or a code in whatever system (FHIR token search). */
  code: text(400),
  from: day.optional(),
  to: day.optional(),
  encounterId: id.optional(),
  category: word,
};

/** What records of each kind are looked for by. */
export const SEARCH_SCHEMAS = {
  patient: z.strictObject({
    ...page,
    name: text(200),
    /** `issuer|value`, or a value of whatever issuer. */
    identifier: text(200),
    birthDate: day.optional(),
    status: word,
  }),
  encounter: z.strictObject({ ...clinical, encounterId: z.undefined().optional() }),
  condition: z.strictObject(clinical),
  order: z.strictObject({ ...clinical, kind: word, accessionNumber: text(64) }),
  observation: z.strictObject({ ...clinical, orderId: id.optional() }),
  report: z.strictObject({ ...clinical, orderId: id.optional() }),
} satisfies Record<RecordKind, z.ZodType>;

/** What records are looked for by; what is not there does not matter. */
export interface RecordSearch {
  readonly limit: number;
  /** Only what comes after this one. */
  readonly after: number | null;
  readonly patientId?: string | undefined;
  readonly status?: string | undefined;
  readonly code?: { readonly system: string | null; readonly code: string } | undefined;
  readonly from?: Date | undefined;
  /** Exclusive. */
  readonly before?: Date | undefined;
  readonly encounterId?: string | undefined;
  readonly orderId?: string | undefined;
  readonly category?: string | undefined;
  readonly accessionNumber?: string | undefined;
  /** Parts of a name, all of them. */
  readonly nameParts?: readonly string[] | undefined;
  readonly identifier?: { readonly issuer: string | null; readonly value: string } | undefined;
  readonly birthDate?: string | undefined;
}

/**
 * @param query of the request
 * @throws ApiError 400 `request-malformed`
 */
export function readSearch(kind: RecordKind, query: unknown): RecordSearch {
  const asked = parseBody(SEARCH_SCHEMAS[kind] as z.ZodType<Readonly<Record<string, unknown>>>, query);
  const get = (name: string) => asked[name] as string | undefined;
  const [code, identifier, name, from, to] = ["code", "identifier", "name", "from", "to"].map(get);
  const coded = code === undefined ? undefined : split(code);
  const identified = identifier === undefined ? undefined : split(identifier);
  return {
    limit: asked["limit"] as number,
    after: readCursor(get("cursor")),
    patientId: get("patientId"),
    status: get("status"),
    code: coded && { system: coded[0], code: coded[1] },
    from: from === undefined ? undefined : new Date(from),
    before: to === undefined ? undefined : new Date(Date.parse(to) + 86_400_000),
    encounterId: get("encounterId"),
    orderId: get("orderId"),
    category: get("category") ?? get("kind"),
    accessionNumber: get("accessionNumber"),
    nameParts: name
      ?.split(/[\s^=,]+/)
      .filter((part) => part !== "")
      .slice(0, 10),
    identifier: identified && { issuer: identified[0], value: identified[1] },
    birthDate: get("birthDate"),
  };
}

/** A cursor is opaque to the client; here it is the number of the last record shown. */
export function cursorOf(number: number): string {
  return Buffer.from(`after:${number}`).toString("base64url");
}

export function readCursor(cursor: string | undefined): number | null {
  if (cursor === undefined) return null;
  const found = /^after:([1-9]\d{0,15})$/.exec(Buffer.from(cursor, "base64url").toString("latin1"));
  if (found === null) throw new ApiError(400, "request-malformed", "cursor: is none that was given here");
  return Number(found[1]);
}

function split(token: string): [string | null, string] {
  const bar = token.lastIndexOf("|");
  return bar < 0 ? [null, token] : [token.slice(0, bar), token.slice(bar + 1)];
}
