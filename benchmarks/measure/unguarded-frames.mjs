import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

const SELF = fileURLToPath(import.meta.url);
const DIST = new URL("../../sidecar/dist/", import.meta.url);
const CACHE_BYTES = 256_000_000;

/**
 * @typedef {object} StoredImage
 * @property {string} orthancId
 * @property {string} fileUuid
 */

/**
 * Serves frames by the sidecar's own DICOMweb code with nothing asked: no token, no decision, no audit. What is left is
 * what authorization is measured against.
 *
 * @param {{ orthancUrl: string, orthancPassword: string, images: Readonly<Record<string, StoredImage>> }} settings
 *   images by SOP Instance UID
 * @returns {Promise<{ address: string, stop: () => void }>}
 */
export async function serveUnguarded(settings) {
  const child = fork(SELF, [], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  child.send(settings);
  const [port] = await once(child, "message");
  return { address: `http://127.0.0.1:${port}`, stop: () => void child.kill("SIGKILL") };
}

/** @param {Parameters<typeof serveUnguarded>[0]} settings */
async function serve({ orthancUrl, orthancPassword, images }) {
  /** @param {string} path @returns {Promise<any>} */
  const load = (path) => import(new URL(path, DIST).href);
  const { dicomWebProxy } = await load("dicomweb/proxy.js");
  const { RenditionCache } = await load("dicomweb/rendition-cache.js");
  const { KnownInstances } = await load("dicomweb/known-instances.js");
  const { OrthancRenditions } = await load("adapters/orthanc/orthanc-renditions.js");
  const { OrthancHttp } = await load("adapters/orthanc/http.js");
  const http = new OrthancHttp({ url: orthancUrl, username: "neuronova", password: orthancPassword });
  const instances = new KnownInstances({
    instancesAt: (/** @type {{ seriesInstanceUid: string, sopInstanceUid: string }} */ address) =>
      Promise.resolve([
        {
          ...address,
          ...images[address.sopInstanceUid],
          transferSyntaxUid: "1.2.840.10008.1.2.1",
          numberOfFrames: 1,
          rendered: true,
          renditionMd5: null,
        },
      ]),
  });
  const renditions = new RenditionCache(
    new OrthancRenditions(http),
    instances,
    CACHE_BYTES,
    undefined,
    () => {
      throw new Error("a rendition cannot be read");
    },
  );
  const principal = Promise.resolve({ labels: ["*"], patientKey: null, studyInstanceUids: null });
  const proxy = dicomWebProxy({
    tokens: { verify: () => principal },
    access: { peek: () => ({ granted: true, breakGlassId: null }) },
    trail: { count: () => undefined },
    proxies: { sourceOf: () => ({ address: "", userAgent: "" }) },
    instances,
    renditions,
    count: () => undefined,
    log: { error: () => undefined },
  });
  const server = createServer((request, response) => void proxy(request, response));
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    process.send?.(typeof address === "object" ? address?.port : 0);
  });
}

if (process.argv[1] === SELF)
  process.once("message", (settings) => void serve(/** @type {any} */ (settings)));
