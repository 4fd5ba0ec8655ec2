import { fetchAuthorized, fetchJson, problemOf } from "../session/http.js";
import type { TokenProvider } from "../session/token-provider.js";

/** Code values of the titles that a reader chooses from (PS3.16 CID 7010), as the server takes them. */
export const KEY_IMAGE_TITLES = [
  "113000",
  "113002",
  "113003",
  "113004",
  "113005",
  "113006",
  "113007",
  "113008",
  "113009",
  "113018",
] as const;
export type KeyImageTitle = (typeof KEY_IMAGE_TITLES)[number];

/** A Key Object Selection Document of a study, ours or another system's (docs/key-images.md). */
export interface KeyImageSelection {
  readonly sopInstanceUid: string;
  readonly title: { readonly value: string; readonly scheme: string; readonly meaning: string };
  readonly description: string;
  /** Person name (PN). */
  readonly observer: string;
  /** Content Date and Time, as they are written. */
  readonly date: string;
  readonly time: string;
  /** Whether the reader made it, and may withdraw it. */
  readonly mine: boolean;
  readonly images: readonly {
    readonly seriesInstanceUid: string;
    readonly sopInstanceUid: string;
    /** From 1; all when empty. */
    readonly frameNumbers: readonly number[];
  }[];
  /** How many it names that the study does not have. */
  readonly elsewhere: number;
}

export interface KeyImageList {
  /** The newest first. */
  readonly selections: readonly KeyImageSelection[];
  /** Whether these are all. */
  readonly complete: boolean;
  readonly mayAdd: boolean;
}

export interface NewSelection {
  readonly title: KeyImageTitle;
  readonly description?: string;
  readonly images: readonly { readonly sopInstanceUid: string; readonly frameNumber?: number }[];
}

const pathOf = (study: string) => `/api/studies/${encodeURIComponent(study)}/key-images`;

export function loadKeyImages(study: string, token: TokenProvider): Promise<KeyImageList> {
  return fetchJson<KeyImageList>(pathOf(study), token);
}

/**
 * @param idempotencyKey of this very selection: sent again it is stored once
 * @throws HttpProblem 422 `image-not-selectable`
 */
export function saveKeyImages(
  study: string,
  selection: NewSelection,
  idempotencyKey: string,
  token: TokenProvider,
): Promise<KeyImageSelection> {
  return fetchJson<KeyImageSelection>(pathOf(study), token, {
    method: "POST",
    headers: { "Content-Type": "application/json", "Idempotency-Key": idempotencyKey },
    body: JSON.stringify(selection),
  });
}

/** One that is gone already is withdrawn. @throws HttpProblem */
export async function withdrawKeyImages(
  study: string,
  sopInstanceUid: string,
  token: TokenProvider,
): Promise<void> {
  const path = `${pathOf(study)}/${encodeURIComponent(sopInstanceUid)}`;
  const response = await fetchAuthorized(path, token, { method: "DELETE" });
  if (!response.ok && response.status !== 404) throw await problemOf(response);
}
