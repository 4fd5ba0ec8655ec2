import type { AccountStore } from "../authorization/account-store.js";
import type { Principal } from "../authorization/principal.js";
import { ApiError } from "../error-response.js";
import type { Reviewer } from "../state/review-records.js";

export interface ReviewerDirectory {
  readonly accounts: Pick<AccountStore, "details">;
  /** Whom reviewers verify for. */
  readonly organisation: string;
}

/** A program's key or a share link is nobody who could answer for a result. */
export function isPerson({ kind }: Pick<Principal, "kind">): boolean {
  return kind === "account" || kind === "oidc";
}

/**
 * The person a principal is.
 * @throws ApiError 403 `reviewer-not-a-person`
 */
export async function reviewerOf(
  principal: Principal,
  { accounts, organisation }: ReviewerDirectory,
): Promise<Reviewer> {
  if (!isPerson(principal))
    throw new ApiError(403, "reviewer-not-a-person", "Results are reviewed by people, not by programs.");
  const { subject, displayName } = principal;
  const number = /^account:(\d+)$/.exec(subject)?.[1];
  const account = number === undefined ? null : await accounts.details(Number(number));
  // An external provider's user is known by its subject.
  const username = account?.username ?? subject.slice(subject.indexOf("#") + 1);
  return { subject, username: username.slice(0, 255), displayName: displayName.slice(0, 255), organisation };
}
