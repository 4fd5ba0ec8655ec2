import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import { ACCESS_TOKEN_SECONDS, type AccessTokens } from "../authorization/access-token.js";
import { parseBody } from "../authorization/parse-body.js";
import type { Permission } from "../authorization/permissions.js";
import { createPrincipal, type Identity, type Principal } from "../authorization/principal.js";
import type { StudyAccess } from "../authorization/study-access.js";
import { readableUid } from "../dicom/uid-schema.js";
import { ApiError } from "../error-response.js";
import { bearerOf } from "./bearer.js";
import type { LinkCreators } from "./link-creators.js";
import type { ShareLink, ShareLinkStore } from "./share-link-store.js";

/** What a link can be good for; everything else needs a person. */
export const SHAREABLE = ["view", "download", "annotate", "upload"] as const;
const LONGEST_DAYS = 90;
const MOST_STUDIES = 50;

export const linkRequest = z.strictObject({
  studyInstanceUids: z
    .array(readableUid)
    .min(1)
    .max(MOST_STUDIES)
    .transform((uids) => [...new Set(uids)]),
  permissions: z
    .array(z.enum(SHAREABLE))
    .min(1)
    .refine((permissions) => permissions.includes("view") || permissions.includes("upload"), {
      error: "a link that neither shows nor takes anything is no use",
    })
    .default(["view"]),
  expiresAt: z.coerce.date(),
  usesAllowed: z.number().int().min(1).max(100_000).nullable().default(null),
  note: z.string().trim().max(255).default(""),
  type: z
    .string()
    .regex(/^[a-z-]{1,64}$/)
    .default("share"),
});
export type ShareRequest = z.input<typeof linkRequest>;

export interface MintedLink {
  readonly id: number;
  /** Shown once; kept as a hash. */
  readonly token: string;
  readonly expiresAt: Date;
}

export interface ShareSession {
  readonly accessToken: string;
  readonly tokenType: "Bearer";
  readonly expiresInSeconds: number;
  readonly studyInstanceUids: readonly string[];
  readonly permissions: readonly string[];
  readonly linkExpiresAt: Date;
}

/**
 * What a share token is good for: a principal, or why not. `unknown`: not one of ours. `invalid`: revoked, or its creator
 * may no longer share.
 */
export type ShareCheck =
  | { readonly state: "valid"; readonly principal: Principal; readonly link: ShareLink }
  | { readonly state: "expired" | "invalid" | "unknown" };

export interface ShareLinkDependencies {
  readonly store: ShareLinkStore;
  readonly creators: LinkCreators;
  readonly access: StudyAccess;
  readonly tokens: Pick<AccessTokens, "sign">;
  /** Has every process look identities up again. */
  readonly changed: () => void;
}

/** Links to studies for people without an account. */
export class ShareLinks {
  constructor(private readonly dependencies: ShareLinkDependencies) {}

  /**
   * Mints a link for somebody who may see and share each of the studies, and may do themself what the link allows.
   * @throws ApiError 400; 403; 404 `study-not-found`; 409 `study-ambiguous`
   */
  async mint(creator: Principal, body: ShareRequest): Promise<MintedLink> {
    const wanted = await this.insist(creator, body);
    const token = randomBytes(32).toString("base64url");
    const id = await this.dependencies.store.add(
      { ...wanted, createdBy: creator.subject, createdByName: creator.displayName },
      sha256(token),
    );
    return { id, token, expiresAt: wanted.expiresAt };
  }

  /**
   * Insists on somebody being allowed to mint such a link.
   * @throws ApiError as {@link mint}
   */
  async insist(creator: Principal, body: ShareRequest): Promise<z.output<typeof linkRequest>> {
    const wanted = parseBody(linkRequest, body);
    const { expiresAt, permissions, studyInstanceUids } = wanted;
    const days = (expiresAt.getTime() - Date.now()) / 86_400_000;
    if (days <= 0 || days > LONGEST_DAYS)
      throw new ApiError(
        400,
        "request-malformed",
        `expiresAt lies in the future, at most ${LONGEST_DAYS} days.`,
      );
    for (const uid of studyInstanceUids) {
      for (const permission of ["share", ...permissions] as const)
        await this.dependencies.access.demand(creator, permission, uid);
      await this.insistOnOneStudy(uid);
    }
    return wanted;
  }

  /** Looks at a share token without using it up. */
  async check(token: string): Promise<ShareCheck> {
    const link = await this.dependencies.store.byHash(sha256(token));
    if (link === null) return { state: "unknown" };
    if (link.revokedAt !== null) return { state: "invalid" };
    const usedUp = link.usesAllowed !== null && link.uses >= link.usesAllowed;
    if (usedUp || link.expiresAt.getTime() <= Date.now()) return { state: "expired" };
    const bearer = await this.bearerOf(link);
    if (bearer === null) return { state: "invalid" };
    const principal = createPrincipal(bearer, `share:${link.id}`, link.expiresAt);
    return { state: "valid", principal, link };
  }

  /**
   * Exchanges the token of the fragment for a short-lived access token; counts as one use.
   * @throws ApiError 401 `share-link-invalid`, `share-link-expired`
   */
  async exchange(token: string): Promise<ShareSession> {
    const check = await this.check(token);
    if (check.state === "expired") throw over();
    if (check.state !== "valid") throw invalid();
    if (!(await this.dependencies.store.use(check.link.id))) throw over();
    return this.session(check.link, check.principal);
  }

  /**
   * Another access token for whoever holds one of the link, while the link lasts; no further use.
   * @throws ApiError 401
   */
  async renew({ subject, kind }: Principal): Promise<ShareSession> {
    const link = kind === "share-link" ? await this.dependencies.store.find(shareIdOf(subject)) : null;
    if (link === null || link.revokedAt !== null) throw invalid();
    if (link.expiresAt.getTime() <= Date.now()) throw over();
    const bearer = await this.bearerOf(link);
    if (bearer === null) throw invalid();
    return this.session(link, bearer);
  }

  list(principal: Principal, everybody: boolean, limit: number, offset: number): Promise<ShareLink[]> {
    return this.dependencies.store.list(everybody ? null : principal.subject, limit, offset);
  }

  /**
   * Every access token of the link is void: at once here, in every other process as soon as it hears of it.
   * @throws ApiError 404
   */
  async revoke(principal: Principal, id: number): Promise<void> {
    const link = await this.dependencies.store.find(id);
    const may = link?.createdBy === principal.subject || principal.permissions.has("admin-permissions");
    if (!may || !(await this.dependencies.store.revoke(id, principal.subject)))
      throw new ApiError(404, "no-such-share-link", "There is no such link in force.");
    this.dependencies.changed();
  }

  private async bearerOf(link: ShareLink): Promise<Identity | null> {
    return bearerOf(link, await this.dependencies.creators.creatorOf(link.createdBy));
  }

  private async session(
    link: ShareLink,
    { permissions }: { readonly permissions: Iterable<Permission> },
  ): Promise<ShareSession> {
    const left = Math.floor((link.expiresAt.getTime() - Date.now()) / 1_000);
    const seconds = Math.max(1, Math.min(ACCESS_TOKEN_SECONDS, left));
    const subject = `share:${link.id}`;
    return {
      accessToken: await this.dependencies.tokens.sign({ subject, version: 0, sessionId: null, seconds }),
      tokenType: "Bearer",
      expiresInSeconds: seconds,
      studyInstanceUids: link.studyInstanceUids,
      permissions: [...permissions],
      linkExpiresAt: link.expiresAt,
    };
  }

  /** Of a UID that two patients share nobody knows which one was meant. */
  private async insistOnOneStudy(studyInstanceUid: string): Promise<void> {
    const studies = await this.dependencies.access.directory.byUid(studyInstanceUid);
    if (studies.length === 0) throw new ApiError(404, "study-not-found", "There is no such study.");
    if (studies.length > 1)
      throw new ApiError(
        409,
        "study-ambiguous",
        "Studies of different patients have this Study Instance UID.",
      );
  }
}

function shareIdOf(subject: string): number {
  return Number(subject.slice("share:".length));
}

function over(): ApiError {
  return new ApiError(401, "share-link-expired", "The link is over, or was used as often as it may be.");
}

function invalid(): ApiError {
  return new ApiError(401, "share-link-invalid", "The link is not valid, or was revoked.");
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
