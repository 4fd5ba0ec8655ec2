import {
  ProgressiveRetrieveImages,
  RenderingEngine,
  getRenderingEngine,
  getWebWorkerManager,
  init,
  utilities,
} from "@cornerstonejs/core";
import { init as initLoader, wadors } from "@cornerstonejs/dicom-image-loader";
import { SharedTokens } from "../session/shared-tokens.js";
import type { TokenProvider } from "../session/token-provider.js";
import { openDecodeWorker } from "./decode-worker.js";
import type { SeriesImage } from "./series-images.js";

const ENGINE = "neuronova";
/** Whose token fetches an image: several widgets with providers of their own may share a page. */
const providers = new Map<string, TokenProvider>();
/** The token an image was asked for with last: a refusal that comes late is of that one, not of the newest. */
const sent = new Map<string, string>();
/**
 * An image is drawn while it arrives: the first bytes of an HTJ2K codestream in RPCL order are the whole of it, smaller.
 * Decoded anew after so many bytes; other syntaxes are drawn once.
 */
const AS_IT_ARRIVES = {
  ...ProgressiveRetrieveImages.singleRetrieveStages,
  retrieveOptions: { single: { streaming: true, initialChunkSize: 16_384, minChunkSize: 65_536 } },
};
let started = false;

/** The rendering engine all viewers of a page share: a browser gives only a few WebGL contexts (facts, 7). */
export function sharedEngine(): RenderingEngine {
  if (!started) start();
  started = true;
  return getRenderingEngine(ENGINE) ?? new RenderingEngine(ENGINE);
}

/** Makes images known to the loader: their metadata, and the token to fetch them with. */
export function registerImages(images: readonly SeriesImage[], token: TokenProvider): void {
  for (const { imageId, metadata } of images) {
    providers.set(imageId, token);
    wadors.metaDataManager.add(imageId, metadata as never);
  }
}

/** After the server refused an image: the next request has another token. */
export async function replaceToken(provider: TokenProvider, imageId: string): Promise<void> {
  await SharedTokens.of(provider).replace(sent.get(imageId) ?? "");
}

function start(): void {
  init();
  utilities.imageRetrieveMetadataProvider.add("stack", AS_IT_ARRIVES);
  const maxWorkerInstances = Math.max(1, Math.min(4, Math.floor(navigator.hardwareConcurrency / 2)));
  // Before the loader registers its own, which works on its own origin only.
  getWebWorkerManager().registerWorker("dicomImageLoader", openDecodeWorker, { maxWorkerInstances });
  initLoader({
    maxWebWorkers: maxWorkerInstances,
    // The streaming request names the image by its URL, the other by its imageId.
    beforeSend: async (_request, image) => {
      const imageId = providers.has(image) ? image : `wadors:${image}`;
      const provider = providers.get(imageId);
      if (provider === undefined) return {};
      const token = await SharedTokens.of(provider).get();
      sent.set(imageId, token);
      return { Authorization: `Bearer ${token}` };
    },
  });
}
