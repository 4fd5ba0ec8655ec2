import type { Schemas } from "../api/schemas.js";
import { fetchAuthorized, fetchJson, jsonBody, problemOf } from "../session/http.js";
import type { TokenProvider } from "../session/token-provider.js";

export const MODEL_MODES = ["enabled", "disabled", "shadow"] as const;
export type ModelMode = (typeof MODEL_MODES)[number];

/** A model as `/api/models` lists it (docs/models.md). */
export type Model = Schemas["ModelList"]["models"][number];

export type ModelList = Schemas["ModelList"];

/** How often people agreed with a model (`/api/ai/statistics`, docs/review.md). */
export type Agreement = Schemas["ModelAgreement"];

/** What one version of a model did on one day of the UTC calendar (`/api/ai/models/{name}/statistics`, docs/models.md). */
export type ModelDay = Schemas["ModelStatistics"]["days"][number];

const pathOf = ({ name, version }: Pick<Model, "name" | "version">) =>
  `/api/models/${encodeURIComponent(name)}/${encodeURIComponent(version)}`;

export function listModels(token: TokenProvider): Promise<ModelList> {
  return fetchJson("/api/models", token);
}

export async function listAgreement(token: TokenProvider): Promise<readonly Agreement[]> {
  return (await fetchJson<{ models: Agreement[] }>("/api/ai/statistics", token)).models;
}

/** What this version of a model did in the last 90 days, newest day first. */
export async function listDays({ name, version }: Model, token: TokenProvider): Promise<readonly ModelDay[]> {
  const path = `/api/ai/models/${encodeURIComponent(name)}/statistics`;
  const { days } = await fetchJson<Schemas["ModelStatistics"]>(path, token);
  return days.filter((day) => day.version === version).reverse();
}

export async function setMode(model: Model, mode: ModelMode, token: TokenProvider): Promise<void> {
  await fetchJson(pathOf(model), token, jsonBody("PUT", { mode }));
}

export async function reloadModels(token: TokenProvider): Promise<void> {
  await fetchJson("/api/models/reload", token, { method: "POST" });
}

/** What a model says of itself, Markdown; undefined when it says nothing. */
export async function modelCard(model: Model, token: TokenProvider): Promise<string | undefined> {
  const response = await fetchAuthorized(`${pathOf(model)}/card`, token);
  if (response.ok) return response.text();
  const problem = await problemOf(response);
  if (problem.status === 404) return undefined;
  throw problem;
}
