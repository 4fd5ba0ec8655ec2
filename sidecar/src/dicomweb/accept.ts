import { TRANSFER_SYNTAX } from "../dicom/transfer-syntax.js";

/** How frames can be answered: HTJ2K by the sidecar, as several parts or one, or whatever Orthanc makes of the request. */
export type FrameRepresentation = "htj2k-multipart" | "htj2k-single" | "orthanc";

export interface MediaRange {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
}

const HTJ2K_SYNTAXES: ReadonlySet<string> = new Set(["*", TRANSFER_SYNTAX.HTJ2KLosslessRPCL]);

/**
 * What the client accepts, best first (PS3.18 8.7.5, RFC 9110 12.5.1). `image/jphc` means .202 unless a transfer
 * syntax is named (PS3.18 table 8.7.3-5); `transfer-syntax=*` means as it is stored, which a rendition is.
 */
export function acceptableRepresentations(accept: string | undefined): FrameRepresentation[] {
  const ranges = parseAccept(accept ?? "*/*").sort((a, b) => b.quality - a.quality);
  const found = ranges.filter(({ quality }) => quality > 0).map(representationOf);
  return [...new Set(found)];
}

function representationOf({ type, parameters }: MediaRange): FrameRepresentation {
  const inner =
    type === "multipart/related"
      ? (parameters.get("type") ?? "application/octet-stream").toLowerCase()
      : type;
  const syntax = parameters.get("transfer-syntax");
  const htj2k =
    inner === "image/jphc"
      ? HTJ2K_SYNTAXES.has(syntax ?? "*")
      : (inner === "application/octet-stream" || inner === "*/*") &&
        syntax !== undefined &&
        HTJ2K_SYNTAXES.has(syntax);
  if (!htj2k) return "orthanc";
  return type === "multipart/related" ? "htj2k-multipart" : "htj2k-single";
}

/** Commas and semicolons inside quotes do not separate. Malformed parts are passed over, as RFC 9110 5.6.1 allows. */
export function parseAccept(header: string): MediaRange[] {
  return splitOutsideQuotes(header, ",").flatMap((range) => {
    const [type, ...rest] = splitOutsideQuotes(range, ";").map((part) => part.trim());
    if (type === undefined || !/^[^\s/]+\/[^\s/]+$/.test(type)) return [];
    const parameters = new Map(
      rest.flatMap((parameter) => {
        const [, name, value] = /^([^=\s]+)\s*=\s*"?([^"]*)"?$/.exec(parameter) ?? [];
        return name === undefined || value === undefined ? [] : [[name.toLowerCase(), value.trim()] as const];
      }),
    );
    const quality = Number(parameters.get("q") ?? "1");
    return [
      {
        type: type.toLowerCase(),
        parameters,
        quality: Number.isFinite(quality) ? Math.min(1, Math.max(0, quality)) : 1,
      },
    ];
  });
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = [];
  let part = "";
  let quoted = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    if (character === separator && !quoted) {
      parts.push(part);
      part = "";
    } else part += character;
  }
  return [...parts, part];
}
