import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { putAccounts } from "./accounts.mjs";
import { fhirProcess } from "./fhir.mjs";
import { mariadbProcess } from "./mariadb.mjs";
import { nginxProcess } from "./nginx.mjs";
import { orthancProcess } from "./orthanc.mjs";
import { rememberPorts } from "./ports.mjs";
import { redisProcess } from "./redis.mjs";
import { repositoryRoot } from "./repository.mjs";
import { readOrCreateSecrets } from "./secrets.mjs";
import { sidecarEnvironment } from "./sidecar-environment.mjs";
import { storeTls, storeTlsSettings } from "./store-tls.mjs";
import { ALL_ROLES, sidecarNames, sidecarProcess } from "./sidecar.mjs";
import { layOutDirectory, lockDirectory, unlockDirectory } from "./stack-directory.mjs";
import { SupervisedProcess } from "./supervised-process.mjs";

/** @import { Role } from "./sidecar.mjs" */
/** @import { StackSecrets } from "./secrets.mjs" */

/**
 * @typedef {object} StackOptions
 * @property {string} directory            private directory; kept data is found again
 * @property {number} [port]               nginx's port; free and remembered unless told
 * @property {import("./ports.mjs").PortRange} [portRange] where new ports are taken from; stacks that start at the same
 *   moment need different ones, as a port is chosen before it is listened on
 * @property {readonly (readonly Role[])[]} [sidecarProcesses] the roles of each process; one with all unless told
 * @property {Readonly<Record<string, string>>} [settings]     sidecar settings that replace the defaults
 * @property {boolean} [storesByTls] the sidecars reach MariaDB and Redis by TLS, as in `compose.yaml`, and not by Unix sockets
 * @property {import("./nginx.mjs").Embedding} [embedding]     pages on other origins that use this stack
 * @property {(step: { name: string, seconds: number }) => void} [onProgress]
 * @property {(reason: string) => void} [onFailure] a process died too often and the whole has been stopped
 */

/**
 * @typedef {object} StackPorts
 * @property {number} nginx
 * @property {number} orthancHttp
 * @property {number} orthancDicom
 * @property {number} fhir
 * @property {{ redis: number, mariadb: number }} [tls] of a stack with `storesByTls`
 * @property {number[]} sidecar  in the order of `sidecarProcesses`
 */

/**
 * @typedef {object} Stack
 * @property {string} address       of nginx, without a trailing slash: the only door
 * @property {string} orthancUrl    Orthanc itself, user `neuronova`
 * @property {string} fhirUrl       base of the FHIR server
 * @property {string} databaseUrl   for mysql2 and Sequelize
 * @property {string} redisSocket
 * @property {StackSecrets} secrets
 * @property {StackPorts} ports
 * @property {string} dicomAet
 * @property {Record<string, SupervisedProcess>} processes by name: redis, mariadb, fhir, orthanc, nginx and
 *   sidecar, or sidecar-api, sidecar-transcoding, … when the roles are spread; sidecar-2, … where there are more of one
 * @property {string} logs          the directory of the logs
 * @property {Promise<string | undefined>} finished settles when all is stopped, with the reason of a failure
 * @property {(options?: { atOnce?: boolean }) => Promise<void>} stop at once: of a stack whose data nobody needs any more
 */

/**
 * Starts the whole stack in a private directory, on loopback addresses and Unix sockets only.
 *
 * @param {StackOptions} options
 * @returns {Promise<Stack>} rejects, with nothing left running, when a part can't be started
 */
export async function startStack({
  directory,
  port,
  portRange,
  sidecarProcesses = [ALL_ROLES],
  settings = {},
  storesByTls = false,
  embedding,
  onProgress = () => {},
  onFailure = () => {},
}) {
  for (const entry of ["sidecar/dist/main.js", "embedded-fhir-server/dist/main.js"]) {
    if (!existsSync(join(repositoryRoot, entry))) throw new Error(`${entry} is not built: npm run build`);
  }
  const layout = layOutDirectory(directory);
  lockDirectory(layout.root);

  /** @type {SupervisedProcess[][]} in the order of starting; those of one group start together */
  const groups = [];
  /** @type {Promise<void> | undefined} */
  let stopping;
  /** @type {(reason: string | undefined) => void} */
  let finish = () => {};
  /** @type {Promise<string | undefined>} */
  const finished = new Promise((resolve) => (finish = resolve));

  /** @type {(reason?: string, options?: { atOnce?: boolean }) => Promise<void>} */
  const stop = (reason, options) => {
    stopping ??= (async () => {
      for (const group of groups.toReversed()) await Promise.all(group.map((member) => member.stop(options)));
      unlockDirectory(layout.root);
      finish(reason);
      if (reason !== undefined) onFailure(reason);
    })();
    return stopping;
  };

  /** @param {readonly import("./supervised-process.mjs").ProcessDefinition[]} definitions */
  const startGroup = async (definitions) => {
    const group = definitions.map(
      (definition) =>
        new SupervisedProcess(definition, { logs: layout.logs, onGivenUp: (reason) => void stop(reason) }),
    );
    groups.push(group);
    await Promise.all(group.map((member) => timed(member.name, () => member.start(), onProgress)));
  };

  try {
    const secrets = await readOrCreateSecrets(layout.secrets);
    const ports = await choosePorts(
      join(layout.root, "ports.json"),
      { port, portRange, storesByTls },
      sidecarProcesses,
    );
    const apiPorts = ports.sidecar.filter((_, index) => sidecarProcesses[index]?.includes("api"));
    const orthancUrl = `http://127.0.0.1:${ports.orthancHttp}`;
    const address = `http://127.0.0.1:${ports.nginx}`;

    const tls = ports.tls && storeTls(layout, ports.tls);
    const redis = redisProcess(layout, { password: secrets.redisPassword, tls: tls?.redis });
    const mariadb = mariadbProcess(layout, { password: secrets.databasePassword, tls: tls?.mariadb });
    const fhir = fhirProcess(layout, { port: ports.fhir });
    const orthanc = orthancProcess(layout, {
      httpPort: ports.orthancHttp,
      dicomPort: ports.orthancDicom,
      password: secrets.orthancPassword,
      sidecarUrl: `http://127.0.0.1:${apiPorts[0]}`,
      arrivalSecret: secrets.arrivalSecret,
    });
    await startGroup([redis, mariadb, fhir, orthanc]);

    const databaseUrlFile = join(layout.secrets, "database-url");
    writeFileSync(databaseUrlFile, mariadb.tlsUrl ?? mariadb.url, { mode: 0o600 });
    /** @param {readonly Role[]} roles */
    const environmentFor = (roles) =>
      sidecarEnvironment(layout, {
        roles,
        databaseUrlFile,
        redisSocket: redis.socket,
        orthancUrl,
        fhirUrl: fhir.url,
        publicUrl: address,
        settings: { ...(tls && storeTlsSettings(tls)), ...settings },
      });
    const names = sidecarNames(sidecarProcesses);
    await startGroup([
      ...sidecarProcesses.map((roles, index) =>
        sidecarProcess(layout, {
          name: names[index] ?? "",
          roles,
          port: ports.sidecar[index] ?? 0,
          environment: environmentFor(roles),
        }),
      ),
      nginxProcess(layout, {
        port: ports.nginx,
        sidecarPorts: apiPorts,
        orthancPort: ports.orthancHttp,
        orthancPassword: secrets.orthancPassword,
        ...(embedding === undefined ? {} : { embedding }),
      }),
    ]);
    await timed(
      "accounts",
      () => putAccounts(layout, { secrets, environment: environmentFor(ALL_ROLES) }),
      onProgress,
    );

    return {
      address,
      orthancUrl,
      fhirUrl: fhir.url,
      databaseUrl: mariadb.url,
      redisSocket: redis.socket,
      secrets,
      ports,
      dicomAet: "NEURONOVA",
      processes: Object.fromEntries(groups.flat().map((member) => [member.name, member])),
      logs: layout.logs,
      finished,
      stop: (options) => stop(undefined, options),
    };
  } catch (error) {
    await stop();
    const reason = await finished;
    throw reason === undefined ? error : new Error(reason, { cause: error });
  }
}

/**
 * @param {string} file
 * @param {{ port: number | undefined, portRange: import("./ports.mjs").PortRange | undefined, storesByTls: boolean }} wanted
 * @param {readonly (readonly Role[])[]} sidecarProcesses
 * @returns {Promise<StackPorts>}
 */
async function choosePorts(file, { port: nginxPort, portRange, storesByTls }, sidecarProcesses) {
  const names = sidecarNames(sidecarProcesses);
  if (!sidecarProcesses.some((roles) => roles.includes("api")))
    throw new Error("No sidecar process has the role api");
  const ports = await rememberPorts(
    file,
    ["nginx", "orthancHttp", "orthancDicom", "fhir", ...(storesByTls ? ["redis", "mariadb"] : []), ...names],
    nginxPort === undefined ? {} : { nginx: nginxPort },
    portRange,
  );
  /** @param {string} name */
  const portOf = (name) => ports[name] ?? 0;
  return {
    nginx: portOf("nginx"),
    orthancHttp: portOf("orthancHttp"),
    orthancDicom: portOf("orthancDicom"),
    fhir: portOf("fhir"),
    ...(storesByTls ? { tls: { redis: portOf("redis"), mariadb: portOf("mariadb") } } : {}),
    sidecar: names.map(portOf),
  };
}

/**
 * @param {string} name
 * @param {() => Promise<void>} work
 * @param {(step: { name: string, seconds: number }) => void} onProgress
 */
async function timed(name, work, onProgress) {
  const begin = performance.now();
  await work();
  onProgress({ name, seconds: (performance.now() - begin) / 1000 });
}
