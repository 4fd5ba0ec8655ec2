import { cache } from "@cornerstonejs/core";
import { wadors } from "@cornerstonejs/dicom-image-loader";
import { dropRequest } from "./image-requests.js";
import type { TokenProvider } from "../session/token-provider.js";
import type { SeriesImage } from "./series-images.js";

interface Held {
  /** Viewports that have it in their stack. */
  holders: number;
  /** Whose token fetches it: several widgets with providers of their own may share a page. */
  token: TokenProvider;
  /** The token it was asked for with last: a refusal that comes late is of that one, not of the newest. */
  sent?: string;
}

const held = new Map<string, Held>();

/** The token provider to fetch an image with; undefined for one that no viewport has. */
export function tokenOf(imageId: string): TokenProvider | undefined {
  return held.get(imageId)?.token;
}

/** The token an image was asked for with last. */
export function sentWith(imageId: string): string | undefined {
  return held.get(imageId)?.sent;
}

export function noteSent(imageId: string, token: string): void {
  const entry = held.get(imageId);
  if (entry !== undefined) entry.sent = token;
}

/** Makes images known to the loader, for one viewport more: their metadata, and the token to fetch them with. */
export function holdImages(images: readonly SeriesImage[], token: TokenProvider): void {
  for (const { imageId, metadata } of images) {
    const before = held.get(imageId);
    held.set(imageId, { ...before, holders: (before?.holders ?? 0) + 1, token });
    wadors.metaDataManager.add(imageId, metadata as never);
  }
}

/** One viewport less: what no other has is forgotten, pixels, metadata, token and requests under way. */
export function releaseImages(images: readonly SeriesImage[]): void {
  for (const { imageId } of images) {
    const entry = held.get(imageId);
    if (entry === undefined) continue;
    entry.holders -= 1;
    if (entry.holders > 0) continue;
    held.delete(imageId);
    dropRequest(imageId);
    // One that is still on its way is in the cache as well, without its pixels.
    if (cache.getImageLoadObject(imageId) !== undefined) cache.removeImageLoadObject(imageId);
    wadors.metaDataManager.remove(imageId);
  }
}

/** What the viewers of the page keep: images known, and bytes of those that are decoded. */
export function heldByPage(): { readonly images: number; readonly bytes: number } {
  return { images: held.size, bytes: cache.getCacheSize() };
}
