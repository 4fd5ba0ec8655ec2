import { mkdir, writeFile } from "node:fs/promises";
import * as tf from "@tensorflow/tfjs";

/** Writes a network as `model.json` (topology and shapes of the weights) and `weights.bin`. */
export async function saveNetwork(model: tf.LayersModel, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await model.save(
    tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData }) => {
      const manifest = { format: "layers-model", modelTopology, weightSpecs };
      await writeFile(`${folder}/model.json`, `${JSON.stringify(manifest)}\n`);
      const data = weightData instanceof ArrayBuffer ? [weightData] : (weightData ?? []);
      await writeFile(`${folder}/weights.bin`, Buffer.concat(data.map((part) => new Uint8Array(part))));
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
    }),
  );
}
