import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { orthancProcess } from "../local-stack/orthanc.mjs";
import { redisProcess } from "../local-stack/redis.mjs";
import { sidecarEnvironment } from "../local-stack/sidecar-environment.mjs";
import { ALL_ROLES, sidecarProcess } from "../local-stack/sidecar.mjs";
import { layOutDirectory } from "../local-stack/stack-directory.mjs";

// No container is started: the processes of compose.yaml are compared with those of the local stack, which every
// integration test runs.
const repository = fileURLToPath(new URL("../..", import.meta.url));
const read = (/** @type {string} */ path) => readFileSync(join(repository, path), "utf8");
/** @type {{ services: Record<string, { environment?: Record<string, string>, command?: string[] }> }} */
const compose = parse(read("compose.yaml"), { merge: true });

const directory = mkdtempSync(join(tmpdir(), "neuronova-processes-"));
const layout = layOutDirectory(directory);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Names of settings, however they are given. */
const names = (/** @type {object} */ environment) =>
  Object.keys(environment)
    .map((name) => name.replace(/_FILE$/, ""))
    .sort();

describe("a sidecar in a container and one of the local stack", () => {
  it("are the same command line", () => {
    const [, command = "[]"] =
      /^FROM \S+ AS sidecar$[\s\S]*?^CMD (.*)$/m.exec(read("docker/Dockerfile")) ?? [];
    const local = sidecarProcess(layout, { name: "sidecar", roles: ALL_ROLES, port: 1, environment: {} });
    const args = local.args.map((arg) => (arg.startsWith("/") ? relative(repository, arg) : arg));
    expect(["node", ...args]).toEqual(JSON.parse(command));
    for (const role of ALL_ROLES) expect(compose.services[role]?.command, role).toBeUndefined();
  });

  it.each(ALL_ROLES)("have the same settings in the role %s, but for what only one of them needs", (role) => {
    const surroundings = { databaseUrlFile: "", redisSocket: "", orthancUrl: "", fhirUrl: "", publicUrl: "" };
    const environment = sidecarEnvironment(layout, { ...surroundings, roles: [role], settings: {} });
    const local = sidecarProcess(layout, { name: role, roles: [role], port: 1, environment });
    // The password is in the local stack's URL, which is of a Unix socket, as that of Redis; its nginx comes from
    // loopback, the default; it settles sooner, for tests.
    const onlyInContainers = [
      "NEURONOVA_DATABASE_PASSWORD",
      "NEURONOVA_TRUSTED_PROXIES",
      "NEURONOVA_DATABASE_CA",
      "NEURONOVA_REDIS_CA",
    ];
    const onlyLocal = ["NEURONOVA_STABLE_AFTER_SECONDS"];
    // Folders of the api role, which the others are not given in containers.
    const ofApi = [
      "NEURONOVA_UPLOAD_DIRECTORY",
      "NEURONOVA_FRAME_CACHE_DIRECTORY",
      "NEURONOVA_WORKLISTS_DIRECTORY",
    ];
    const inContainer = names(compose.services[role]?.environment ?? {});
    expect(inContainer.filter((name) => !onlyInContainers.includes(name))).toEqual(
      names(local.environment ?? {}).filter(
        (name) => !onlyLocal.includes(name) && (role === "api" || !ofApi.includes(name)),
      ),
    );
  });
});

it("Orthanc reads the same folder of configuration, and its scripts the same environment", () => {
  const local = orthancProcess(layout, {
    ...{ httpPort: 1, dicomPort: 2, password: "", sidecarUrl: "", arrivalSecret: "" },
  });
  const inContainer = [
    ...Object.keys(compose.services["orthanc"]?.environment ?? {}),
    ...(read("docker/orthanc-entry.sh").match(/(?<=^export )NEURONOVA_\w+/gm) ?? []),
  ];
  // The local Orthanc has no authorization plugin: there the Lua filter decides about reading, too.
  const onlyInContainers = ["ORTHANC__REMOTE_ACCESS_ALLOWED", "NEURONOVA_AUTHORIZATION_PLUGIN"];
  expect(inContainer.filter((name) => !onlyInContainers.includes(name)).sort()).toEqual(
    Object.keys(local.environment ?? {})
      .filter((name) => name !== "LD_PRELOAD")
      .sort(),
  );
});

it("Redis keeps its data in the same way", () => {
  redisProcess(layout, { password: "" });
  const local = readFileSync(join(layout.run, "redis.conf"), "utf8");
  for (const [setting, value] of [
    ["appendonly", "yes"],
    ["appendfsync", "everysec"],
    ["save", '""'],
    ["maxmemory-policy", "noeviction"],
  ]) {
    expect(local).toContain(`${setting} ${value}\n`);
    expect(read("docker/redis-entry.sh")).toContain(`--${setting} ${value}`);
  }
});
