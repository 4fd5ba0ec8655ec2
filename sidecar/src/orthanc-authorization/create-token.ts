import { z } from "zod";
import type { Permission } from "../authorization/permissions.js";
import type { Principal } from "../authorization/principal.js";
import type { StudyDirectory } from "../authorization/study-directory.js";
import { isOrthancId, isReadableUid } from "../dicom/uid.js";
import { ApiError } from "../error-response.js";
import type { ShareLinks } from "../share-links/share-links.js";
import { landingPage } from "./decode-token.js";

/** What a link of each of the plugin's types is good for. */
const TYPES = {
  "stone-viewer-publication": ["view"],
  "ohif-viewer-publication": ["view"],
  "volview-viewer-publication": ["view"],
  "osimis-viewer-publication": ["view"],
  "meddream-viewer-publication": ["view"],
  "meddream-instant-link": ["view"],
  "viewer-instant-link": ["view"],
  "download-instant-link": ["view", "download"],
  "inbox-link": ["upload"],
} as const satisfies Record<string, readonly Permission[]>;
export type TokenType = keyof typeof TYPES;

export function isTokenType(type: string): type is TokenType {
  return Object.hasOwn(TYPES, type);
}

const DEFAULT_HOURS = 24;
const LONGEST_SECONDS = 90 * 86_400;

/** `validity-duration` is uninitialised memory when the client gave none: anything may stand there. */
export const createTokenSchema = z.object({
  id: z.string().max(255).nullish(),
  resources: z
    .array(
      z.object({
        "dicom-uid": z.string().nullish(),
        "orthanc-id": z.string().nullish(),
        url: z.string().nullish(),
        level: z.string().nullish(),
      }),
    )
    .min(1)
    .max(50),
  "expiration-date": z.string().nullish(),
  "validity-duration": z.unknown(),
});
export type CreateTokenRequest = z.output<typeof createTokenSchema>;

/**
 * Mints a share link for the callers of the plugin, each of whom must be allowed to.
 * @throws ApiError 400; 403 `caller-unknown` when nobody's profile was asked for lately; as {@link ShareLinks.mint}
 */
export async function createToken(
  type: TokenType,
  request: CreateTokenRequest,
  callers: readonly Principal[],
  { shareLinks, directory, publicUrl, recordMint }: CreateTokenDependencies,
): Promise<{ token: string; url: string | null }> {
  const [creator, ...others] = callers;
  if (creator === undefined)
    throw new ApiError(403, "caller-unknown", "Orthanc does not say who asks, and nobody was seen lately.");
  const wanted = {
    studyInstanceUids: await studiesOf(request, directory),
    permissions: [...TYPES[type]],
    expiresAt: expiryOf(request),
    usesAllowed: null,
    note: request.id ?? "",
    type,
  };
  for (const other of others) await shareLinks.insist(other, wanted);
  await recordMint(creator, wanted.studyInstanceUids);
  const { token } = await shareLinks.mint(creator, wanted);
  return { token, url: publicUrl === undefined ? null : landingPage(publicUrl, token) };
}

export interface CreateTokenDependencies {
  readonly shareLinks: ShareLinks;
  readonly directory: StudyDirectory;
  readonly publicUrl: string | undefined;
  /** Has the minting in the audit trail before it is done. */
  readonly recordMint: (creator: Principal, studyInstanceUids: readonly string[]) => Promise<void>;
}

async function studiesOf({ resources }: CreateTokenRequest, directory: StudyDirectory): Promise<string[]> {
  const uids: string[] = [];
  for (const resource of resources) {
    const uid = resource["dicom-uid"] ?? "";
    // A download link names an address of Orthanc: of a whole study it is the same as naming the study.
    const [, atUrl] = /^\/studies\/([0-9a-f-]{44})\/(?:archive|media)$/.exec(resource.url ?? "") ?? [];
    const orthancId = resource["orthanc-id"] ?? atUrl ?? "";
    const named = resource.level == null || resource.level === "study" || atUrl !== undefined;
    const study = isOrthancId(orthancId) ? await directory.byOrthancId("study", orthancId) : null;
    const found = study?.studyInstanceUid ?? uid;
    if (!named || !isReadableUid(found) || (uid !== "" && uid !== found))
      throw new ApiError(400, "request-malformed", "A link is made to studies that are known here.");
    uids.push(found);
  }
  return uids;
}

function expiryOf(request: CreateTokenRequest): Date {
  const duration = request["validity-duration"];
  const date = request["expiration-date"] == null ? Number.NaN : Date.parse(request["expiration-date"]);
  if (!Number.isNaN(date)) return new Date(Math.min(date, Date.now() + (LONGEST_SECONDS - 60) * 1_000));
  const sensible =
    typeof duration === "number" &&
    Number.isSafeInteger(duration) &&
    duration > 0 &&
    duration < LONGEST_SECONDS;
  return new Date(Date.now() + (sensible ? duration : DEFAULT_HOURS * 3_600) * 1_000);
}
