import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { accessOf, whoOf } from "../audit/access.js";
import type { AuditTrail } from "../audit/audit-trail.js";
import type { Source, TrustedProxies } from "../audit/source.js";
import { parseBody } from "../authorization/parse-body.js";
import type { StudyAccess } from "../authorization/study-access.js";
import { ApiError, sendProblem } from "../error-response.js";
import type { Logger } from "../log.js";
import type { ShareLinks } from "../share-links/share-links.js";
import { createToken, createTokenSchema, isTokenType } from "./create-token.js";
import { decideRequest, decideSchema } from "./decide-request.js";
import { decodeToken } from "./decode-token.js";
import type { PresentedToken, TokenReader } from "./presented-token.js";
import { decisionRecord } from "./record-decision.js";
import type { RecentCallers } from "./recent-callers.js";
import { insistOnSameRoles, rolesSchema, rolesSettings } from "./roles-settings.js";
import { userProfile } from "./user-profile.js";
import { validateSchema, validateToken } from "./validate-token.js";

export const WEB_SERVICE_PATH = "/internal/orthanc-authorization/";
/** The plugin's user name; its password is the secret shared with Orthanc. */
export const WEB_SERVICE_USER = "orthanc";
const LARGEST_BODY = 65_536;

const tokenSchema = z.object({
  "token-key": z.string().nullish(),
  "token-value": z.string().max(16_384).nullish(),
});

export interface WebServiceDependencies {
  readonly secret: string;
  readonly reader: TokenReader;
  readonly callers: RecentCallers;
  readonly access: StudyAccess;
  readonly shareLinks: ShareLinks;
  readonly publicUrl: string | undefined;
  readonly trail: AuditTrail;
  readonly proxies: TrustedProxies;
  readonly log: Logger;
}

/**
 * The web service of Orthanc's authorization plugin (0.11), and the question of the Lua filter that stands in for it.
 * Orthanc shows Basic credentials; tokens are read from bodies, never from headers. The plugin opens a connection for
 * each call, so this passes Express by. Nothing here calls Orthanc: it may be waiting with its Lua lock held (facts, 1).
 */
export function orthancWebService(dependencies: WebServiceDependencies) {
  const expected = sha256(
    `Basic ${Buffer.from(`${WEB_SERVICE_USER}:${dependencies.secret}`).toString("base64")}`,
  );
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const given = request.headers.authorization ?? "";
    if (!timingSafeEqual(sha256(given), expected))
      throw new ApiError(401, "credentials-missing", "Orthanc shows its credentials here.", {
        "WWW-Authenticate": 'Basic realm="neuronova"',
      });
    // The plugin puts its own slash after whatever address it was given.
    const path = (request.url ?? "").slice(WEB_SERVICE_PATH.length).replace(/^\/+/, "");
    const body: unknown = request.method === "GET" ? undefined : parseJson(await bodyOf(request));
    const source = dependencies.proxies.sourceOf(request);
    const answered = await call(`${request.method ?? ""} ${path}`, body, source, dependencies);
    const json = Buffer.from(JSON.stringify(answered));
    response.writeHead(200, { "Content-Type": "application/json", "Content-Length": json.byteLength });
    response.end(json);
  };
  return (request: IncomingMessage, response: ServerResponse): void => {
    answer(request, response).catch((error: unknown) => sendProblem(response, error, dependencies.log));
  };
}

async function call(
  what: string,
  body: unknown,
  source: Source,
  dependencies: WebServiceDependencies,
): Promise<unknown> {
  const { reader, callers, access, shareLinks, publicUrl, trail } = dependencies;
  const record = decisionRecord(trail, source);
  switch (what) {
    case "POST user/get-profile": {
      const bearer = await reader.bearerOf(tokenOf(body));
      if (bearer.kind === "principal") await callers.saw(bearer.principal);
      return userProfile(bearer);
    }
    case "POST tokens/validate":
      return validateToken(
        await reader.bearerOf(tokenOf(body)),
        parseBody(validateSchema, body),
        access,
        record,
      );
    case "POST tokens/decode":
      return decodeToken(tokenOf(body), shareLinks, publicUrl);
    case "GET settings/roles":
      return rolesSettings(await access.directory.labels());
    case "PUT settings/roles":
      insistOnSameRoles(parseBody(rolesSchema, body));
      return null;
    case "POST requests/decide": {
      const { method, uri, tokens } = parseBody(decideSchema, body);
      const bearers = await Promise.all(tokens.map((token) => reader.bearerOf(token)));
      return { granted: await decideRequest(bearers, method.toUpperCase(), uri, access, record) };
    }
    default: {
      const [, type = ""] = /^PUT tokens\/([a-z-]{1,64})$/.exec(what) ?? [];
      if (!isTokenType(type)) throw new ApiError(404, "no-such-resource", "There is no such call.");
      const request = parseBody(createTokenSchema, body);
      return createToken(type, request, await callers.list(), {
        shareLinks,
        directory: access.directory,
        publicUrl,
        recordMint: async (creator, studyInstanceUids) => {
          const minted = { who: whoOf(creator), source, action: "share-mint", target: type } as const;
          await trail.record(accessOf({ ...minted, studyInstanceUids }));
        },
      });
    }
  }
}

/** A request without a token has empty strings, or leaves the fields out. */
function tokenOf(body: unknown): PresentedToken {
  const token = parseBody(tokenSchema, body);
  return { key: token["token-key"] ?? "", value: token["token-value"] ?? "" };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > LARGEST_BODY)
      throw new ApiError(413, "body-too-large", "The body is larger than is taken here.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError(400, "request-malformed", "The body is not JSON.");
  }
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
