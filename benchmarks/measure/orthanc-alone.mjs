import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { buildLoopbackBind } from "../../scripts/local-stack/loopback-bind.mjs";
import { repositoryRoot } from "../../scripts/local-stack/repository.mjs";
import { SupervisedProcess } from "../../scripts/local-stack/supervised-process.mjs";

/**
 * Orthanc with the repository's settings, but with no script that calls NeuroNova and no plugin.
 *
 * @param {string} directory
 */
export async function startOrthancAlone(directory) {
  const [configuration, storage] = [join(directory, "alone.json"), join(directory, "alone")];
  mkdirSync(storage, { recursive: true, mode: 0o700 });
  const [httpPort, dicomPort] = [await freePort(), await freePort()];
  const shared = JSON.parse(readFileSync(join(repositoryRoot, "orthanc-config/orthanc.json"), "utf8"));
  const settings = {
    ...shared,
    LuaScripts: [],
    HttpPort: httpPort,
    DicomPort: dicomPort,
    RemoteAccessAllowed: false,
    StorageDirectory: storage,
    IndexDirectory: storage,
  };
  writeFileSync(configuration, JSON.stringify(settings), { mode: 0o600 });
  const loopbackBind = join(directory, "loopback-bind.so");
  await buildLoopbackBind(loopbackBind);
  const orthancUrl = `http://127.0.0.1:${httpPort}`;
  const orthanc = new SupervisedProcess(
    {
      name: "orthanc-alone",
      command: "Orthanc",
      args: [configuration],
      environment: { LD_PRELOAD: loopbackBind },
      directory,
      readyWithinSeconds: 60,
      isReady: async () => (await fetch(`${orthancUrl}/system`)).ok,
    },
    { logs: directory, onGivenUp: () => {} },
  );
  await orthanc.start();
  return { orthancUrl, stop: () => orthanc.stop() };
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address === "object" ? address.port : 0));
    });
  });
}
