import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildLoopbackBind } from "./loopback-bind.mjs";
import { repositoryRoot } from "./repository.mjs";

const PLUGIN_DIRECTORY = "/usr/share/orthanc/plugins";
const PLUGINS = ["libOrthancDicomWeb.so", "libModalityWorklists.so"];

/**
 * Orthanc with the repository's configuration plus one generated file: ports, storage, account.
 *
 * @param {import("./stack-directory.mjs").StackDirectory} layout
 * @param {{ httpPort: number, dicomPort: number, password: string, sidecarUrl: string, arrivalSecret: string }} settings
 * @returns {import("./supervised-process.mjs").ProcessDefinition}
 */
export function orthancProcess(layout, { httpPort, dicomPort, password, sidecarUrl, arrivalSecret }) {
  const configuration = join(layout.run, "orthanc");
  const storage = join(layout.data, "orthanc");
  const loopbackBind = join(layout.run, "loopback-bind.so");
  const authorization = basic("neuronova", password);
  return {
    name: "orthanc",
    command: "Orthanc",
    args: [configuration],
    environment: {
      LD_PRELOAD: loopbackBind,
      NEURONOVA_LUA_DIRECTORY: join(repositoryRoot, "lua-scripts"),
      NEURONOVA_WORKLISTS_DIRECTORY: worklistsDirectory(layout),
      NEURONOVA_ARRIVAL_URL: `${sidecarUrl}/internal/arrival`,
      NEURONOVA_ARRIVAL_SECRET: arrivalSecret,
      NEURONOVA_AUTHORIZATION_URL: `${sidecarUrl}/internal/orthanc-authorization`,
      NEURONOVA_SERVICE_AUTHORIZATION: basic("orthanc", arrivalSecret),
      NEURONOVA_ORTHANC_AUTHORIZATION: authorization,
    },
    directory: layout.run,
    readyWithinSeconds: 60,
    stopWithinSeconds: 30,
    beforeStart: async () => {
      await buildLoopbackBind(loopbackBind);
      mkdirSync(storage, { recursive: true, mode: 0o700 });
      mkdirSync(worklistsDirectory(layout), { recursive: true, mode: 0o700 });
      writeConfiguration(configuration, {
        HttpPort: httpPort,
        RemoteAccessAllowed: false,
        DicomPort: dicomPort,
        StorageDirectory: storage,
        IndexDirectory: storage,
        Plugins: PLUGINS.map((name) => join(PLUGIN_DIRECTORY, name)).filter((path) => existsSync(path)),
      });
    },
    isReady: async () => {
      const response = await fetch(`http://127.0.0.1:${httpPort}/system`, {
        headers: { authorization },
        signal: AbortSignal.timeout(2000),
      });
      await response.arrayBuffer();
      return response.ok;
    },
  };
}

/**
 * Where the sidecar writes and Orthanc reads.
 *
 * @param {import("./stack-directory.mjs").StackDirectory} layout
 */
export function worklistsDirectory(layout) {
  return join(layout.data, "worklists");
}

/**
 * @param {string} user
 * @param {string} password
 */
function basic(user, password) {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

/**
 * @param {string} directory
 * @param {object} local what only this machine knows
 */
function writeConfiguration(directory, local) {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const shared = join(repositoryRoot, "orthanc-config");
  for (const file of readdirSync(shared)) {
    if (file.endsWith(".json")) copyFileSync(join(shared, file), join(directory, file));
  }
  writeFileSync(join(directory, "local.json"), JSON.stringify(local, null, 2), { mode: 0o600 });
}
