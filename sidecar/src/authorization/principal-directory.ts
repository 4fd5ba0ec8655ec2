import type { BreakGlassGrant, Identity } from "./principal.js";

/** The topic of the wake channel that tells of changed accounts, sessions, keys and links. */
export const IDENTITIES = "identities";
/** The topic that tells of changed labels. */
export const LABELS = "labels";

/** What a verified token says of whom it was made for. */
export interface TokenSubject {
  readonly subject: string;
  /** The account's version when the token was made: password change, disabling and role change raise it. */
  readonly version: number;
  /** The login the token descends from; null when it descends from none. */
  readonly sessionId: string | null;
}

/** Who the subjects of tokens are at this moment. */
export interface PrincipalDirectory {
  /** null when the subject is gone, disabled or revoked, its version is another, or its session has ended. */
  identity(token: TokenSubject): Promise<Identity | null>;
  /** Break-glass access in force for a subject, of whatever identity provider. */
  grantsOf(subject: string): Promise<readonly BreakGlassGrant[]>;
}
