import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { composeSchema } from "./compose-schema.mjs";
import { SECRETS } from "./secrets.mjs";

/**
 * @typedef {object} Service
 * @property {string} [image]
 * @property {Record<string, string>} [environment]
 * @property {string[]} [secrets]
 * @property {(string | { type: string, target: string })[]} [volumes]
 * @property {string[]} [ports]
 * @property {{ test: string[] }} [healthcheck]
 * @property {string[]} [cap_drop]
 * @property {string[]} [security_opt]
 * @property {string} [user]
 * @property {number} [pids_limit]
 * @property {{ replicas?: number, resources?: { limits: { memory: string } } }} [deploy]
 */

// Rules only: no container is started here.
const read = (/** @type {string} */ path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
/** @typedef {{ services: Record<string, Service>, volumes: object, secrets: Record<string, object> }} Compose */
/** @type {Compose} */
const base = parse(read("compose.yaml"), { merge: true });
/** @type {Compose} */
const scale = parse(read("compose.scale.yaml"), { merge: true });
const services = Object.entries(scale.services);
const added = services.filter(([name]) => base.services[name] === undefined);

it("compose.scale.yaml is valid by the compose-spec schema", () => {
  const validate = composeSchema();
  expect(validate(scale), JSON.stringify(validate.errors)).toBe(true);
});

it("runs every role, and Orthanc, more than once", () => {
  for (const name of ["api", "transcoding", "inference", "delivery", "orthanc"])
    expect(scale.services[name]?.deploy?.replicas, name).toBeGreaterThan(1);
});

it("adds only services that keep the rules of compose.yaml", () => {
  expect(added.map(([name]) => name)).toEqual(["postgres", "triton"]);
  for (const [name, service] of added) {
    expect(service.cap_drop, name).toEqual(["ALL"]);
    expect(service.security_opt, name).toContain("no-new-privileges:true");
    expect(service.user, name).toMatch(/^(?!root$|0$)\w+$/);
    expect(service.healthcheck?.test[0], name).toBe("CMD");
    expect(service.deploy?.resources?.limits.memory, name).toMatch(/^\d+g$/);
    expect(service.pids_limit, name).toBeGreaterThan(0);
  }
});

it("pins images, publishes no port, and holds no literal secret", () => {
  for (const [name, { image, ports, environment }] of services) {
    if (image !== undefined) expect(image, name).toMatch(/^[^:@\s]+:v?\d+(?:\.\d+)+(?:-[\w.]+)*$/);
    expect(ports, name).toBeUndefined();
    for (const [key, value] of Object.entries(environment ?? {}))
      if (/password|secret|token|_key/i.test(key))
        expect(value, `${name}: ${key}`).toMatch(/^(?:\/run\/secrets\/|\$\{)/);
  }
});

it("reads secrets that the script makes, or that are the object storage's", () => {
  const declared = { ...base.secrets, ...scale.secrets };
  const known = [...Object.keys(SECRETS), "object-storage-secret-key"];
  expect(Object.keys(scale.secrets).filter((name) => !known.includes(name))).toEqual([]);
  for (const [name, { secrets = [] }] of services)
    for (const secret of secrets) expect(declared, name).toHaveProperty(secret);
  // The script gives Orthanc each secret that is mounted for it.
  const entry = read("docker/orthanc-entry.sh");
  for (const secret of scale.services["orthanc"]?.secrets ?? [])
    expect(entry).toContain(`/run/secrets/${secret}`);
});

it("gives each api process its own folders, but for the worklists, which all of them write for Orthanc", () => {
  const own = (scale.services["api"]?.volumes ?? []).map((volume) =>
    typeof volume === "string" ? "" : volume.target,
  );
  const shared = (base.services["api"]?.volumes ?? [])
    .map((volume) => String(volume).split(":")[1])
    .filter((target) => !own.includes(target ?? ""));
  expect(shared).toEqual(["/var/lib/neuronova/worklists"]);
});

it("sets only settings that exist", () => {
  const settings = new Set(read("docs/settings.md").match(/NEURONOVA_[A-Z_]+/g));
  for (const name of ["api", "transcoding", "inference", "delivery"])
    for (const key of Object.keys(scale.services[name]?.environment ?? {}))
      expect(settings, name).toContain(key);
});
