import { createHash } from "node:crypto";
import { copyFile, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadModel, type Model } from "../../src/inference/model-registry.js";

const SHIPPED = fileURLToPath(new URL("../../models/tumor_detection", import.meta.url));
const FIXTURES = fileURLToPath(new URL("../fixtures/models", import.meta.url));

export type DerivedFormat = "tfjs-layers" | "tfjs-graph" | "onnx" | "open-inference" | "tensorflow-serving";

interface Derivation {
  /** Where the files are. */
  readonly from: string;
  /** Member of `files`, and the file or files. */
  readonly files: Readonly<Record<string, string | readonly string[]>>;
  readonly layout: "NHWC" | "NCHW";
  readonly engine: string;
}

const DERIVATIONS: Readonly<Record<DerivedFormat, Derivation>> = {
  "tfjs-layers": {
    from: SHIPPED,
    files: { topology: "model.json", weights: "weights.bin" },
    layout: "NHWC",
    engine: "tensorflow",
  },
  "tfjs-graph": {
    from: join(FIXTURES, "tumor_detection_graph"),
    files: { topology: "model.json", weights: ["group1-shard1of1.bin"] },
    layout: "NHWC",
    engine: "tensorflow",
  },
  onnx: {
    from: join(FIXTURES, "tumor_detection_onnx"),
    files: { network: "model.onnx" },
    layout: "NCHW",
    engine: "onnx",
  },
  // The servers of the tests run the ONNX network.
  "open-inference": { from: FIXTURES, files: {}, layout: "NCHW", engine: "remote" },
  "tensorflow-serving": { from: FIXTURES, files: {}, layout: "NHWC", engine: "remote" },
};

/** The ONNX form of the demo network. */
export const ONNX_NETWORK = join(FIXTURES, "tumor_detection_onnx/model.onnx");

/**
 * The demo model as a bundle of another format, in a folder for temporary files: its manifest with another engine,
 * other files and another layout.
 */
export async function derivedBundle(
  format: DerivedFormat,
  remote?: object,
  change: (manifest: ShippedManifest) => object = (manifest) => manifest,
): Promise<Model> {
  const { from, files, layout, engine } = DERIVATIONS[format];
  const folder = await mkdtemp(join(tmpdir(), `neuronova-${format}-`));
  const shipped = JSON.parse(await readFile(join(SHIPPED, "manifest.json"), "utf8")) as ShippedManifest;
  const copied = async (path: string) => {
    await copyFile(join(from, path), join(folder, path));
    const sha256 = createHash("sha256")
      .update(await readFile(join(from, path)))
      .digest("hex");
    return { path, sha256 };
  };
  const described = await Promise.all(
    Object.entries(files).map(async ([member, paths]) => [
      member,
      typeof paths === "string" ? await copied(paths) : await Promise.all(paths.map(copied)),
    ]),
  );
  await copyFile(join(SHIPPED, shipped.card), join(folder, shipped.card));
  const manifest = {
    ...shipped,
    engine,
    format,
    files: Object.fromEntries(described) as object,
    ...(remote === undefined ? {} : { remote }),
    network: {
      ...shipped.network,
      input: { ...shipped.network.input, layout },
      outputs: shipped.network.outputs.map((output) => ({ ...output, layout })),
    },
  };
  await writeFile(join(folder, "manifest.json"), JSON.stringify(change(manifest)));
  return loadModel(folder);
}

/** What of `manifest.json` is looked at here. */
export interface ShippedManifest {
  readonly card: string;
  readonly network: {
    readonly input: Readonly<Record<string, unknown>>;
    readonly outputs: readonly Readonly<Record<string, unknown>>[];
  };
}
