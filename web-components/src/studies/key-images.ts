import type { Schemas } from "../api/schemas.js";
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
] as const satisfies readonly Schemas["SelectKeyImagesBody"]["title"][];
export type KeyImageTitle = (typeof KEY_IMAGE_TITLES)[number];

/** A Key Object Selection Document of a study, ours or another system's (docs/key-images.md). */
export type KeyImageSelection = Schemas["KeyImages"];

/** The newest first. */
export type KeyImageList = Schemas["ListKeyImagesAnswer"];

export type NewSelection = Schemas["SelectKeyImagesBody"];

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
