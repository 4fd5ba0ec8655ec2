import {
  ProgressiveRetrieveImages,
  RenderingEngine,
  cache,
  getRenderingEngine,
  getWebWorkerManager,
  init,
  utilities,
} from "@cornerstonejs/core";
import { init as initLoader } from "@cornerstonejs/dicom-image-loader";
import { SharedTokens } from "../session/shared-tokens.js";
import type { TokenProvider } from "../session/token-provider.js";
import { openDecodeWorker } from "./decode-worker.js";
import { IMAGE_BYTES } from "./fetch-ahead.js";
import { noteSent, sentWith, tokenOf } from "./image-registry.js";
import { endIfDropped, keepRequest } from "./image-requests.js";

const ENGINE = "neuronova";
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

/** After the server refused an image: the next request has another token. */
export async function replaceToken(provider: TokenProvider, imageId: string): Promise<void> {
  await SharedTokens.of(provider).replace(sentWith(imageId) ?? "");
}

function start(): void {
  // One context draws for all viewers, one after the other: a browser takes the oldest away when there are too many.
  init({ rendering: { webGlContextCount: 1 } } as never);
  cache.setMaxCacheSize(IMAGE_BYTES);
  utilities.imageRetrieveMetadataProvider.add("stack", AS_IT_ARRIVES);
  const maxWorkerInstances = Math.max(1, Math.min(4, Math.floor(navigator.hardwareConcurrency / 2)));
  // Before the loader registers its own, which works on its own origin only.
  getWebWorkerManager().registerWorker("dicomImageLoader", openDecodeWorker, { maxWorkerInstances });
  initLoader({
    maxWebWorkers: maxWorkerInstances,
    // The streaming request has no XMLHttpRequest, and names the image by its URL; the other by its imageId.
    beforeSend: async (request: XMLHttpRequest | null, image) => {
      const imageId = request === null ? `wadors:${image}` : image;
      if (request !== null) keepRequest(imageId, request);
      const provider = tokenOf(imageId);
      if (provider === undefined) return {};
      const token = await SharedTokens.of(provider).get();
      noteSent(imageId, token);
      endIfDropped(imageId);
      return { Authorization: `Bearer ${token}` };
    },
  });
}
