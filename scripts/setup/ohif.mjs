import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { repositoryRoot } from "../local-stack/repository.mjs";

/** OHIF as its makers built it (MIT). Its package names all of its sources as dependencies: only the archive is wanted. */
const PACKAGE = "@ohif/app@3.13.2";
const SHA512 = "WZdxmpmG7rqFgW9ZJLcbgr3XCtLi1KDNPoMaeY5PPe6j4G4fjEjjkycZM6C6Zk2F87BKxFfpq+jd5xXZB9E8EA==";
/** Segmentation by a network in the browser and microscopy, which are not offered here, are most of it. */
const LEFT_OUT = /^(?:ort|dicom-microscopy-viewer|sw\.js|init-service-worker\.js|google\.js|_.*|.*\.map)$/;
const ADDRESS = "/ohif/";
const SETTINGS = join(repositoryRoot, "ohif-viewer/app-config.js");
/** Raised when what is made of the package changes. */
const EDITION = 2;

/** The directory nginx serves `/ohif/` from: `ohif/` is in it. */
export const ohifRoot = join(repositoryRoot, ".local/ohif");

/**
 * Fetches OHIF, checks that it is the one that was looked at, and has it live below `/ohif/` with our settings.
 *
 * @param {string} [root] where `ohif/` is put
 * @returns {string | undefined} why it is not there
 */
export function installOhif(root = ohifRoot) {
  const stamp = join(root, "edition");
  const edition = `${PACKAGE} ${EDITION} ${createHash("sha256").update(readFileSync(SETTINGS)).digest("hex")}`;
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === edition) return undefined;
  console.log(`Fetching OHIF (${PACKAGE})`);
  const work = `${root}.new`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  try {
    const packed = spawnSync("npm", ["pack", PACKAGE, "--json", "--pack-destination", work], {
      encoding: "utf8",
    });
    if (packed.status !== 0) return "the package registry does not give it";
    const archive = readdirSync(work)
      .filter((name) => name.endsWith(".tgz"))
      .map((name) => join(work, name))[0];
    if (archive === undefined) return "npm pack left no archive";
    if (createHash("sha512").update(readFileSync(archive)).digest("base64") !== SHA512)
      return "what the package registry gives is not the archive that was looked at";
    if (spawnSync("tar", ["xzf", archive, "-C", work, "package/dist", "package/LICENSE"]).status !== 0)
      return "tar cannot open the archive";
    arrange(join(work, "package/dist"));
    copyFileSync(join(work, "package/LICENSE"), join(work, "package/dist/LICENSE"));
    renameSync(join(work, "package/dist"), join(work, "ohif"));
    rmSync(join(work, "package"), { recursive: true });
    rmSync(archive);
    writeFileSync(join(work, "edition"), edition);
    rmSync(root, { recursive: true, force: true });
    renameSync(work, root);
    return undefined;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * Built for the root of an origin: what says so is changed. Its page has scripts between its lines, which our content
 * security policy forbids; ours has none.
 *
 * @param {string} dist
 */
function arrange(dist) {
  for (const name of readdirSync(dist))
    if (LEFT_OUT.test(name)) rmSync(join(dist, name), { recursive: true });
  const page = readFileSync(join(dist, "index.html"), "utf8");
  const bundle = /src="\/(app\.bundle\.[0-9a-f]+\.js)"/.exec(page)?.[1];
  if (bundle === undefined) throw new Error("OHIF's page names no bundle");
  // Its workers are programs of their own, each with its own word for where it lives.
  const moved = readdirSync(dist).filter((name) => /\.(?:js|css)$/.test(name) && move(join(dist, name)));
  if (!moved.includes(bundle)) throw new Error("OHIF's bundle does not say where it lives");
  copyFileSync(SETTINGS, join(dist, "app-config.js"));
  writeFileSync(
    join(dist, "index.html"),
    `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>OHIF Viewer</title>
    <link rel="icon" href="${ADDRESS}assets/favicon-32x32.png" />
    <link rel="stylesheet" href="${ADDRESS}app.bundle.css" />
    <script src="${ADDRESS}app-config.js"></script>
    <script defer src="${ADDRESS}${bundle}"></script>
  </head>
  <body>
    <noscript>OHIF needs JavaScript.</noscript>
    <div id="react-portal"></div>
    <div id="root"></div>
  </body>
</html>
`,
  );
}

/**
 * @param {string} file
 * @returns {boolean} whether it named the root
 */
function move(file) {
  const code = readFileSync(file, "utf8");
  const moved = code
    .replaceAll('__webpack_require__.p = "/"', `__webpack_require__.p = "${ADDRESS}"`)
    .replaceAll(/url\(\/(?=[0-9a-f]{16}\.)/g, `url(${ADDRESS}`);
  if (moved === code) return false;
  writeFileSync(file, moved);
  return true;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const reason = installOhif(process.argv[2]);
  if (reason !== undefined) {
    console.error(`OHIF cannot be installed: ${reason}`);
    process.exitCode = 1;
  }
}
