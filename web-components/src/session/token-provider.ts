/** Why a token is asked for: for the first time, because it soon ends, or because the server refused the last. */
export type TokenReason = "initial" | "expiring" | "refused";

/**
 * Gives an access token; a page that embeds a widget sets its own.
 *
 * @param refused the token that the server refused; who has given another one since gives that again
 */
export type TokenProvider = (reason: TokenReason, refused?: string) => Promise<string>;
