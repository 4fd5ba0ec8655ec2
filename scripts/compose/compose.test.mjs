import { X509Certificate, createPrivateKey } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { composeSchema } from "./compose-schema.mjs";
import { SECRETS, TLS, createCertificate, createSecrets } from "./secrets.mjs";
import { STORE_TLS } from "./store-certificates.mjs";

/**
 * @typedef {object} Service
 * @property {string} [image]
 * @property {{ dockerfile: string, target: string }} [build]
 * @property {Record<string, string>} [environment]
 * @property {string[]} [secrets]
 * @property {string[]} [volumes]
 * @property {string[]} [ports]
 * @property {{ test?: string[], disable?: boolean }} [healthcheck]
 * @property {Record<string, { condition: string }>} [depends_on]
 * @property {string[]} [cap_drop]
 * @property {string[]} [security_opt]
 * @property {boolean} [read_only]
 * @property {string} [user]
 * @property {{ resources: { limits: { cpus: string, memory: string } } }} [deploy]
 * @property {number} [pids_limit]
 * @property {{ options: Record<string, string> }} [logging]
 */

// Rules only: no container is started here.
const repository = fileURLToPath(new URL("../..", import.meta.url));
const read = (/** @type {string} */ path) => readFileSync(join(repository, path), "utf8");

const text = read("compose.yaml");
/** @type {{ services: Record<string, Service>, volumes: object, secrets: Record<string, { file: string }> }} */
const compose = parse(text, { merge: true });
const services = Object.entries(compose.services);
const SIDECAR = ["api", "transcoding", "inference", "delivery"];

/** A tag with at least two numbers, as in `8.4.11`, `v8.8.0-1`, `7.2.14-alpine`. */
const VERSION_TAG = /^[^:@\s]+:v?\d+(?:\.\d+)+(?:-[\w.]+)*$/;

describe("compose.yaml", () => {
  it("is valid by the compose-spec schema", () => {
    const validate = composeSchema();
    expect(validate(compose), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ services: { nginx: { image: "nginx:1.28.3", port: 80 } } })).toBe(false);
  });

  it("pins every image to a version", () => {
    for (const [name, { image }] of services) expect(image, name).toMatch(VERSION_TAG);

    const stages = [...read("docker/Dockerfile").matchAll(/^FROM (\S+) AS (\S+)$/gm)];
    const names = stages.map(([, , name]) => name);
    expect(stages.length).toBe(read("docker/Dockerfile").match(/^FROM /gm)?.length);
    for (const [, base] of stages) {
      if (!names.includes(base)) expect(base).toMatch(VERSION_TAG);
    }
    for (const [name, { build }] of services) {
      if (build !== undefined) expect(names, name).toContain(build.target);
    }
  });

  it("checks the health of every service and waits for it with a condition", () => {
    for (const [name, { healthcheck, depends_on }] of services) {
      expect(healthcheck?.test?.[0], name).toMatch(/^CMD(?:-SHELL)?$/);
      for (const [other, { condition }] of Object.entries(depends_on ?? {})) {
        expect(Object.keys(compose.services), name).toContain(other);
        expect(condition, `${name} → ${other}`).toMatch(/^service_(?:healthy|started)$/);
      }
    }
  });

  it("holds no literal secret", () => {
    for (const [name, { environment }] of services) {
      for (const [key, value] of Object.entries(environment ?? {})) {
        if (/password|secret|token|key/i.test(key))
          expect(value, `${name}: ${key}`).toMatch(/^\/run\/secrets\//);
        expect(String(value), `${name}: ${key}`).not.toMatch(/:\/\/[^/@\s]*:[^/@\s]*@/);
      }
    }
  });

  it("names only secrets that the script makes, each declared and mounted where it is read", () => {
    for (const [name, { file }] of Object.entries(compose.secrets)) {
      expect(file).toBe(`./secrets/${name}`);
      expect([...Object.keys(SECRETS), ...Object.values(TLS), ...Object.values(STORE_TLS)]).toContain(name);
    }
    for (const [name, service] of services) {
      for (const secret of service.secrets ?? []) expect(compose.secrets, name).toHaveProperty(secret);
      const mounted = (service.secrets ?? []).map((secret) => `/run/secrets/${secret}`);
      for (const path of JSON.stringify(service).match(/\/run\/secrets\/[\w-]+/g) ?? []) {
        expect(mounted, name).toContain(path);
      }
    }
  });

  it("gives the signing key to the api role alone", () => {
    const holders = services.filter(([, service]) => JSON.stringify(service).includes("token-signing-key"));
    expect(holders.map(([name]) => name)).toEqual(["api"]);
  });

  it("publishes one port, nginx's with TLS, on loopback; plain HTTP does not leave its container", () => {
    const published = services.filter(([, { ports }]) => ports !== undefined);
    expect(published.map(([name]) => name)).toEqual(["nginx"]);
    expect(compose.services["nginx"]?.ports).toEqual([expect.stringMatching(/^127\.0\.0\.1:\d+:8443$/)]);
    expect(text).not.toMatch(/network_mode|privileged|docker\.sock/);
    const listening = read("nginx/compose/server-address.conf").match(/^listen .*$/gm);
    expect(listening).toEqual(["listen 127.0.0.1:8080;", "listen 8443 ssl;"]);
    expect(read("nginx/compose/server-address.conf")).toContain("include tls.conf;");
  });

  it("mounts only files of the repository, read-only, and volumes that it declares", () => {
    for (const [name, { volumes }] of services) {
      for (const [source = "", , mode] of (volumes ?? []).map((volume) => volume.split(":"))) {
        if (source.startsWith(".")) {
          expect(existsSync(join(repository, source)), `${name}: ${source}`).toBe(true);
          expect(mode, `${name}: ${source}`).toBe("ro");
        } else expect(compose.volumes, name).toHaveProperty(source);
      }
    }
  });

  it("takes every privilege from every service", () => {
    for (const [name, { cap_drop, security_opt }] of services) {
      expect(cap_drop, name).toEqual(["ALL"]);
      expect(security_opt, name).toContain("no-new-privileges:true");
    }
    for (const name of SIDECAR) expect(compose.services[name]?.read_only, name).toBe(true);
    const [, lastStage = ""] = /^FROM \S+ AS sidecar$([\s\S]*?)^FROM /m.exec(read("docker/Dockerfile")) ?? [];
    expect(lastStage).toMatch(/^USER node$/m);
  });

  it("runs nothing as root: the service or the image says another user", () => {
    const dockerfile = read("docker/Dockerfile");
    for (const [name, { user, build }] of services) {
      if (build === undefined) expect(user, name).toMatch(/^(?!root$|0$|0:)\S+$/);
      else {
        const stage = new RegExp(
          `^FROM \\S+ AS ${build.target}$([\\s\\S]*?)(?=^FROM |(?![\\s\\S]))`,
          "m",
        ).exec(dockerfile);
        expect(stage?.[1], name).toMatch(/^USER (?!root$|0$|0:)\S+$/m);
      }
    }
  });

  it("limits memory, processors and processes of every service, and the size of its log", () => {
    for (const [name, { deploy, pids_limit, logging }] of services) {
      const { cpus = "", memory = "" } = deploy?.resources.limits ?? {};
      expect(Number(cpus), name).toBeGreaterThan(0);
      expect(memory, name).toMatch(/^[1-9]\d*[mg]$/);
      expect(pids_limit, name).toBeGreaterThan(0);
      expect(logging?.options, name).toMatchObject({
        "max-size": expect.any(String),
        "max-file": expect.any(String),
      });
    }
  });

  it("bounds nginx's workers, here and on Kubernetes: one for each processor of a large host are more than its container may have", () => {
    for (const path of ["nginx/compose/nginx.conf", "kubernetes/base/nginx/nginx.conf"]) {
      const workers = Number(/^worker_processes (\d+);$/m.exec(read(path))?.[1]);
      expect(workers, path).toBeGreaterThan(0);
      expect(workers, path).toBeLessThan((compose.services["nginx"]?.pids_limit ?? 0) / 2);
    }
  });

  it("keeps Redis from forgetting: it refuses before its container's memory is full, and evicts nothing", () => {
    const entry = read("docker/redis-entry.sh");
    expect(entry).toContain("--maxmemory-policy noeviction");
    const most = Number(/--maxmemory (\d+)mb/.exec(entry)?.[1]);
    expect(most).toBeGreaterThan(0);
    // What is written to disk in the background may double some of it for a while.
    expect(compose.services["redis"]?.deploy?.resources.limits.memory).toBe("1g");
    expect(most).toBeLessThan(1_024);
  });

  it("sets only settings that exist, one role to a service", () => {
    const settings = new Set(read("docs/settings.md").match(/NEURONOVA_[A-Z_]+/g));
    for (const name of SIDECAR) {
      const environment = compose.services[name]?.environment ?? {};
      expect(environment["NEURONOVA_ROLES"]).toBe(name);
      for (const key of Object.keys(environment)) {
        expect(settings, `${name}: ${key}`).toContain(key.replace(/_FILE$/, ""));
      }
    }
  });

  it("gives Orthanc what its configuration and its script read", () => {
    const files = (/** @type {string} */ directory) =>
      readdirSync(join(repository, directory)).map((file) => read(`${directory}/${file}`));
    const shared = [
      ...files("orthanc-config").flatMap((text) => [...text.matchAll(/\$\{(\w+)\}/g)]),
      ...files("lua-scripts").flatMap((text) => [...text.matchAll(/os\.getenv\('(\w+)'\)/g)]),
    ].map(([, name]) => name);
    const given = [
      ...Object.keys(compose.services["orthanc"]?.environment ?? {}),
      ...(read("docker/orthanc-entry.sh").match(/(?<=^export )NEURONOVA_\w+/gm) ?? []),
    ];
    expect(given.filter((name) => !name.startsWith("ORTHANC__")).sort()).toEqual([...new Set(shared)].sort());
  });

  it("gives nginx every file that the shared route table includes", () => {
    const mounted = (compose.services["nginx"]?.volumes ?? []).map((volume) => volume.split(":")[1]);
    const files = ["neuronova", "sidecar-hop", "orthanc-hop", "compose/server-address"];
    for (const text of files.map((name) => read(`nginx/${name}.conf`))) {
      for (const [, file] of text.matchAll(/^\s*include ([\w-]+\.conf);/gm))
        expect(mounted).toContain(`/etc/nginx/${file}`);
    }
  });
});

describe("secrets.mjs", () => {
  const directory = mkdtempSync(join(tmpdir(), "neuronova-secrets-"));
  const contents = () => Object.keys(SECRETS).map((name) => readFileSync(join(directory, name), "utf8"));
  /** @type {string[]} */
  let made = [];
  beforeAll(() => void (made = createSecrets(directory)));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it("makes each secret once and never overwrites it", () => {
    expect(made).toEqual(Object.keys(SECRETS));
    const before = contents();
    expect(createSecrets(directory)).toEqual([]);
    expect(contents()).toEqual(before);
    expect(new Set(before).size).toBe(before.length);
    for (const secret of before) expect(secret).toMatch(/^[\w-]{16,}$/);
    expect(readFileSync(join(directory, "token-signing-key"), "utf8").length).toBeGreaterThanOrEqual(32);
  });

  it("makes a certificate for localhost once, which OpenSSL can read", () => {
    expect(createCertificate(directory)).toEqual(Object.values(TLS));
    const certificate = new X509Certificate(readFileSync(join(directory, TLS.certificate)));
    expect(certificate.subjectAltName).toContain("DNS:localhost");
    expect(certificate.checkPrivateKey(createPrivateKey(readFileSync(join(directory, TLS.key))))).toBe(true);
    expect(createCertificate(directory)).toEqual([]);
  });

  it("closes the directory to others and lets containers read their files", () => {
    const mode = (/** @type {string} */ name) => statSync(join(directory, name)).mode & 0o777;
    expect(mode(".")).toBe(0o700);
    expect(mode("admin-password")).toBe(0o600);
    expect(mode("database-password")).toBe(0o444);
    expect(readFileSync(join(directory, ".gitignore"), "utf8")).toBe("*\n");
  });
});
