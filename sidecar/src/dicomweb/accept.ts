export interface MediaRange {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
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

/** What the client accepts: an `accept` query parameter stands in for the header (PS3.18 8.3.3.1). */
export function acceptOf(header: string | undefined, query: string): string {
  const parameter = query.includes("accept") ? new URLSearchParams(query).get("accept") : null;
  return parameter ?? header ?? "*/*";
}

/**
 * A media range as DICOMweb uses it: the type that counts is the inner one of `multipart/related` (PS3.18 8.7.3), and
 * the transfer syntax is a parameter of either.
 */
export interface DicomMediaRange {
  readonly multipart: boolean;
  /** In lower case; undefined where `multipart/related` names none. */
  readonly type: string | undefined;
  readonly transferSyntax: string | undefined;
  readonly quality: number;
}

/** Best first; of the same quality, in the client's order. */
export function dicomMediaRanges(accept: string): DicomMediaRange[] {
  return parseAccept(accept)
    .map(({ type, parameters, quality }) => {
      const multipart = type === "multipart/related" || type === "multipart/*";
      const [inner, ...rest] = multipart ? (parameters.get("type") ?? "").split(";") : [type];
      // Orthanc itself writes the parameter within the quotes of the type; clients that repeat its answers do as well.
      const nested = rest.map((text) => /^\s*transfer-syntax\s*=\s*(\S+)\s*$/i.exec(text)?.[1]).find(Boolean);
      return {
        multipart,
        type: inner === "" ? undefined : inner?.trim().toLowerCase(),
        transferSyntax: parameters.get("transfer-syntax") ?? nested,
        quality,
      };
    })
    .sort((a, b) => b.quality - a.quality);
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
