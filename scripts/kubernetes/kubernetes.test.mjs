import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { SECRETS, TLS } from "../compose/secrets.mjs";
import { STORE_TLS } from "../compose/store-certificates.mjs";
import { manifestsOf, repository, typeErrors } from "./manifests.mjs";

/** @import { Manifest, PodSpec } from "./manifests.mjs" */
/**
 * @typedef {object} Kustomization
 * @property {string[]} resources
 * @property {{ name: string, files?: string[], literals?: string[] }[]} [configMapGenerator]
 * @property {{ name: string, count: number }[]} [replicas]
 * @property {{ name: string, newTag: string }[]} [images]
 * @property {{ path: string, target: { kind: string, name: string } }[]} [patches]
 */

// Nothing is run here: there is no cluster.
const read = (/** @type {string} */ path) => readFileSync(join(repository, path), "utf8");
const compose = parse(read("compose.yaml"), { merge: true });
const base = manifestsOf("base");
const scale = manifestsOf("overlays/scale");
/** @type {[string, PodSpec][]} */
const pods = base
  .filter(({ kind }) => kind === "Deployment" || kind === "StatefulSet")
  .map(({ metadata, spec }) => [metadata.name, spec.template.spec]);
const ROLES = ["api", "transcoding", "inference", "delivery"];

/** @type {Record<string, Kustomization>} */
const kustomizations = Object.fromEntries(
  ["base", "overlays/single", "overlays/scale"].map((folder) => [
    folder,
    parse(read(`kubernetes/${folder}/kustomization.yaml`)),
  ]),
);
const generators = kustomizations["base"]?.configMapGenerator ?? [];

it("every manifest is what the Kubernetes API takes", () => {
  expect(typeErrors([...base, ...scale])).toEqual([]);

  /** @type {Manifest} */
  const misspelt = JSON.parse(JSON.stringify(base.find(({ kind }) => kind === "Deployment")));
  Object.assign(misspelt.spec.template.spec.containers[0] ?? {}, { imagePullpolicy: "Always" });
  expect(typeErrors([misspelt]).join()).toContain("imagePullpolicy");
}, 120_000);

describe("the pods", () => {
  it("are those of compose.yaml but for the FHIR server, with the same images", () => {
    const services = Object.entries(compose.services).filter(([name]) => name !== "fhir");
    expect(Object.fromEntries(pods.map(([name, { containers }]) => [name, containers[0]?.image]))).toEqual(
      Object.fromEntries(services.map(([name, { image }]) => [name, image])),
    );
  });

  it("keep the restricted pod security standard, and what is read-only in compose.yaml is here", () => {
    for (const [name, { automountServiceAccountToken, securityContext, containers }] of pods) {
      expect(automountServiceAccountToken, name).toBe(false);
      expect(securityContext.runAsNonRoot, name).toBe(true);
      expect(securityContext.runAsUser, name).toBeGreaterThan(0);
      expect(securityContext.seccompProfile.type, name).toBe("RuntimeDefault");
      for (const { securityContext: own } of containers) {
        expect(own.allowPrivilegeEscalation, name).toBe(false);
        expect(own.capabilities.drop, name).toEqual(["ALL"]);
        expect(own.readOnlyRootFilesystem ?? false, name).toBe(compose.services[name].read_only ?? false);
      }
    }
    expect(base.find(({ kind }) => kind === "Namespace")?.metadata).toMatchObject({
      labels: { "pod-security.kubernetes.io/enforce": "restricted" },
    });
  });

  it("give MySQL a folder of its own on its volume: it takes none that has a lost+found", () => {
    const mysql = pods.find(([name]) => name === "mysql")?.[1];
    const mounts = mysql?.containers[0]?.volumeMounts ?? [];
    expect(mounts.find(({ mountPath }) => mountPath === "/var/lib/mysql")?.subPath).toBeTruthy();
  });

  it("have limits, requests and probes", () => {
    for (const [name, { containers }] of pods) {
      for (const { resources, livenessProbe, readinessProbe } of containers) {
        expect(Object.keys(resources?.limits ?? {}), name).toEqual(["cpu", "memory"]);
        expect(Object.keys(resources?.requests ?? {}), name).toEqual(["cpu", "memory"]);
        expect(livenessProbe && readinessProbe, name).toBeDefined();
      }
    }
  });

  it("of the roles live without their dependencies, are ready with them, and are asked by nginx and Orthanc in any case", () => {
    for (const role of ROLES) {
      const [container] = pods.find(([name]) => name === role)?.[1].containers ?? [];
      expect(container?.livenessProbe).toMatchObject({ httpGet: { path: "/api/health/live" } });
      expect(container?.readinessProbe).toMatchObject({ httpGet: { path: "/api/health/ready" } });
    }
    const service = base.find(({ kind, metadata }) => kind === "Service" && metadata.name === "api");
    expect(service?.spec).toMatchObject({ publishNotReadyAddresses: true });
  });

  it("mount the secrets that compose.yaml gives them, which the script makes", () => {
    for (const [name, { volumes }] of pods) {
      const items = volumes.flatMap(({ secret }) => secret?.items ?? []);
      expect(items.map(({ key }) => key).sort(), name).toEqual([...compose.services[name].secrets].sort());
      for (const { key, path } of items) {
        expect(path, name).toBe(key);
        expect([...Object.keys(SECRETS), ...Object.values(TLS), ...Object.values(STORE_TLS)], name).toContain(
          key,
        );
      }
    }
  });

  it("of the roles have the settings that compose.yaml has", () => {
    const shared = (generators.find(({ name }) => name === "sidecar-settings")?.literals ?? []).map(
      (literal) => literal.split("=")[0],
    );
    for (const role of ROLES) {
      const [container] = pods.find(([name]) => name === role)?.[1].containers ?? [];
      const own = container?.env?.map(({ name }) => name) ?? [];
      expect([...shared, ...own].sort(), role).toEqual(
        Object.keys(compose.services[role].environment).sort(),
      );
      expect(container?.env?.find(({ name }) => name === "NEURONOVA_ROLES")?.value).toBe(role);
    }
    const [orthanc] = pods.find(([name]) => name === "orthanc")?.[1].containers ?? [];
    expect(orthanc?.env?.map(({ name }) => name).sort()).toEqual(
      Object.keys(compose.services.orthanc.environment).sort(),
    );
  });
});

describe("kustomize finds", () => {
  it("every file that is named", () => {
    for (const [folder, { resources, configMapGenerator = [], patches = [] }] of Object.entries(
      kustomizations,
    )) {
      const files = configMapGenerator.flatMap(({ files = [] }) =>
        files.map((file) => file.split("=").at(-1) ?? ""),
      );
      for (const file of [...resources, ...files, ...patches.map(({ path }) => path)])
        expect(existsSync(join(repository, "kubernetes", folder, file)), `${folder}: ${file}`).toBe(true);
    }
  });

  it("every map of files that a pod mounts, and all that compose.yaml mounts is in them", () => {
    const names = generators.map(({ name }) => name);
    for (const [name, { volumes }] of pods)
      for (const { configMap } of volumes)
        if (configMap !== undefined) expect(names, name).toContain(configMap.name);

    const given = generators.flatMap(({ files = [] }) => files.map((file) => file.split("/").at(-1)));
    const mounted = ["nginx", "redis", "orthanc"].flatMap((service) =>
      compose.services[service].volumes
        .map((/** @type {string} */ volume) => volume.split(":")[0])
        .filter((/** @type {string} */ source) => /^\.\/.*\.\w+$/.test(source))
        .map((/** @type {string} */ source) => source.split("/").at(-1)),
    );
    for (const file of mounted) expect(given).toContain(file);
    for (const folder of ["orthanc-config", "lua-scripts"])
      expect(
        given.filter((file) => existsSync(join(repository, folder, file ?? ""))).length,
        folder,
      ).toBeGreaterThan(0);
  });

  it("what overlays change", () => {
    const { replicas = [], patches = [], images = [] } = kustomizations["overlays/scale"] ?? {};
    const names = pods.map(([name]) => name);
    for (const { name, count } of replicas) {
      expect(names).toContain(name);
      expect(count).toBeGreaterThan(1);
    }
    for (const { target } of patches) expect(names).toContain(target.name);
    for (const { name } of images)
      expect(pods.some(([, { containers }]) => containers[0]?.image.startsWith(`${name}:`))).toBe(true);
  });

  it("the overlay's Orthanc is that of compose.scale.yaml: the same settings and secrets", () => {
    const { environment, secrets } = parse(read("compose.scale.yaml"), { merge: true }).services.orthanc;
    /** @type {{ path: string, value: { name?: string, key?: string } }[]} */
    const patch = parse(read("kubernetes/overlays/scale/shared-orthanc.yaml"));
    expect(patch.flatMap(({ value }) => value.name ?? []).sort()).toEqual(Object.keys(environment).sort());
    expect(patch.flatMap(({ value }) => value.key ?? [])).toEqual(
      secrets.filter((/** @type {string} */ name) => !compose.services.orthanc.secrets.includes(name)),
    );
  });
});

it("nginx has the files of compose.yaml, with the names that the cluster gives", () => {
  const inCluster = (/** @type {string} */ file) => read(`kubernetes/base/nginx/${file}`);
  const within = (/** @type {string} */ text) =>
    text.replace(/^\s*#.*$/gm, "").replaceAll(".neuronova.svc.cluster.local", "");
  expect(within(inCluster("upstreams.conf"))).toBe(within(read("nginx/compose/upstreams.conf")));
  expect(
    within(inCluster("nginx.conf")).replace("kube-dns.kube-system.svc.cluster.local", "127.0.0.11"),
  ).toBe(within(read("nginx/compose/nginx.conf")));
  const nginx = pods.find(([name]) => name === "nginx")?.[1].containers[0];
  const mounts = nginx?.volumeMounts.filter(({ mountPath }) => dirname(mountPath) === "/etc/nginx") ?? [];
  for (const { mountPath, subPath } of mounts) expect(mountPath).toBe(`/etc/nginx/${subPath ?? ""}`);
  const files = generators.find(({ name }) => name === "nginx-configuration")?.files ?? [];
  expect(mounts.map(({ subPath }) => subPath).sort()).toEqual(
    files.map((file) => file.split("=")[0]?.split("/").at(-1)).sort(),
  );
});
