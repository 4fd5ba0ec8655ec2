import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { modelManifest, type ModelManifest } from "./model-manifest.js";

/** A model bundle whose files are what its manifest says. */
export interface Model {
  readonly folder: string;
  readonly manifest: ModelManifest;
  /** Names the exact files: changes with every change of topology or weights; of a remote model its name and version. */
  readonly digest: string;
}

export interface RefusedModel {
  /** Name of the folder below the models directory. */
  readonly folder: string;
  readonly reason: string;
}

/** What is known of a series before its images are read. */
export interface SeriesFacts {
  readonly modality: string;
  readonly bodyPartExamined: string;
  readonly seriesDescription: string;
  readonly instanceCount: number;
}

/**
 * Reads every bundle of a directory, in alphabetical order. A bundle that is broken is refused with the reason; the
 * others are used. Two bundles with one name and version: the second is refused.
 */
export async function loadModels(directory: string): Promise<{ models: Model[]; refused: RefusedModel[] }> {
  const models: Model[] = [];
  const refused: RefusedModel[] = [];
  const entries = await readdir(directory, { withFileTypes: true }).catch((error: unknown) => {
    refused.push({ folder: "", reason: `the models directory cannot be read: ${reasonOf(error)}` });
    return [];
  });
  const folders = entries.filter((entry) => !entry.isFile() && !entry.name.startsWith("."));
  for (const { name } of folders.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    try {
      const model = await loadModel(join(directory, name));
      const twin = models.find(
        ({ manifest }) =>
          manifest.name === model.manifest.name && manifest.version === model.manifest.version,
      );
      if (twin !== undefined) throw new Error("another folder holds a model of this name and version");
      models.push(model);
    } catch (error) {
      refused.push({ folder: name, reason: reasonOf(error) });
    }
  }
  return { models, refused };
}

/** @throws Error with the reason, in words for the person who put the bundle there */
export async function loadModel(folder: string): Promise<Model> {
  const text = await readFile(join(folder, "manifest.json"), "utf8").catch(() => {
    throw new Error("it has no manifest.json");
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error("its manifest.json is not JSON");
  }
  const parsed = modelManifest.safeParse(json);
  if (!parsed.success) {
    throw new Error(`its manifest.json is not valid: ${z.prettifyError(parsed.error).replace(/\s+/g, " ")}`);
  }
  const manifest = parsed.data;
  await readFile(join(folder, manifest.card)).catch(() => {
    throw new Error(`its card ${manifest.card} is missing`);
  });
  const digest = createHash("sha256");
  for (const { path, sha256 } of Object.values(manifest.files).flat()) {
    const bytes = await readFile(join(folder, path)).catch(() => {
      throw new Error(`its file ${path} is missing`);
    });
    const found = createHash("sha256").update(bytes).digest("hex");
    if (found !== sha256)
      throw new Error(`its file ${path} is not the one the manifest names (SHA-256 differs)`);
    digest.update(found);
  }
  // Where the server is may change without the model changing.
  if (manifest.engine === "remote")
    digest.update(JSON.stringify([manifest.remote.model, manifest.remote.version]));
  return { folder, manifest, digest: digest.digest("hex") };
}

/** Whether a model is meant for a series, as far as can be told without its images. */
export function appliesTo(
  { manifest: { appliesTo: rules } }: Model,
  { modality, bodyPartExamined, seriesDescription, instanceCount }: SeriesFacts,
): { readonly applies: true } | { readonly applies: false; readonly reason: string } {
  const no = (reason: string) => ({ applies: false, reason }) as const;
  if (!rules.modalities.includes(modality)) return no(`its modality is ${modality}`);
  const matches = (pattern: string | undefined): boolean =>
    pattern !== undefined && new RegExp(pattern, "iu").test(seriesDescription);
  if (matches(rules.excludedSeriesDescription)) return no("its description is excluded");
  const bodyPart = bodyPartExamined.trim().toUpperCase();
  if (bodyPart === "") {
    if (!matches(rules.seriesDescription))
      return no("neither body part nor description says that it is meant");
  } else if (!rules.bodyParts.includes(bodyPart)) {
    return no(`its body part is ${bodyPart}`);
  }
  if (instanceCount < rules.minimumSlices)
    return no(`it has ${instanceCount} slices, the model needs ${rules.minimumSlices}`);
  return { applies: true };
}

/**
 * Whether a person may have a model look at a series. What a description or a body part would have said is their say;
 * what the images are, and how many, is not.
 */
export function mayBeAskedFor(
  { manifest: { appliesTo: rules } }: Model,
  { modality, instanceCount }: SeriesFacts,
): { readonly applies: true } | { readonly applies: false; readonly reason: string } {
  if (!rules.modalities.includes(modality)) return { applies: false, reason: `the modality is ${modality}` };
  if (instanceCount < rules.minimumSlices)
    return {
      applies: false,
      reason: `there are ${instanceCount} slices, the model needs ${rules.minimumSlices}`,
    };
  return { applies: true };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
