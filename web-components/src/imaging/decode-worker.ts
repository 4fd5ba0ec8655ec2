import workerUrl from "decode-image-frame-worker?worker&url";

/**
 * Opens the worker that decodes images. A browser opens none of another origin: a page that embeds the widgets has one
 * made of a blob, which imports the code from where the widgets came from.
 */
export function openDecodeWorker(): Worker {
  const url = new URL(workerUrl, import.meta.url);
  if (url.origin === location.origin) return new Worker(url, { type: "module" });
  const blob = URL.createObjectURL(
    new Blob([`import ${JSON.stringify(url.href)};`], { type: "text/javascript" }),
  );
  // Kept: the worker reads it some time later, and it is a line long.
  return new Worker(blob, { type: "module" });
}
