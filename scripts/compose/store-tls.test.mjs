import { X509Certificate, createPrivateKey } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { AUTHORITY_KEY, STORE_TLS, createStoreCertificates, validDays } from "./store-certificates.mjs";

/**
 * @typedef {object} Service
 * @property {Record<string, string>} [environment]
 * @property {string[]} [command]
 * @property {string[]} [secrets]
 * @property {{ test: string[] }} healthcheck
 */

const read = (/** @type {string} */ path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
/** @type {Record<string, Service>} */
const services = parse(read("compose.yaml"), { merge: true }).services;
const ROLES = ["api", "transcoding", "inference", "delivery"];
const CA_FILE = "/run/secrets/store-ca";

describe("compose.yaml", () => {
  it.each(ROLES)(
    "has the role %s reach MySQL and Redis by TLS alone, known by the authority's certificates",
    (role) => {
      const environment = services[role]?.environment ?? {};
      const database = new URL(environment["NEURONOVA_DATABASE_URL"] ?? "");
      expect(database.searchParams.get("ssl-mode")).toBe("VERIFY_IDENTITY");
      expect(environment["NEURONOVA_REDIS_URL"]).toMatch(/^rediss:/);
      for (const name of ["NEURONOVA_DATABASE_CA_FILE", "NEURONOVA_REDIS_CA_FILE"])
        expect(environment[name]).toBe(CA_FILE);
    },
  );

  it("has MySQL take nothing but TLS, with its own certificate", () => {
    expect(services["mysql"]?.command).toEqual(
      expect.arrayContaining([
        "--require-secure-transport=ON",
        `--ssl-ca=${CA_FILE}`,
        `--ssl-cert=/run/secrets/${STORE_TLS.mysqlCertificate}`,
        `--ssl-key=/run/secrets/${STORE_TLS.mysqlKey}`,
      ]),
    );
  });

  it("has both asked for their health by TLS with a certificate that is checked", () => {
    const [mysql = "", redis = ""] = ["mysql", "redis"].map((name) =>
      (services[name]?.healthcheck.test ?? []).join(" "),
    );
    expect(mysql).toContain(`--ssl-mode=VERIFY_IDENTITY --ssl-ca=${CA_FILE}`);
    expect(redis).toContain(`redis-cli --tls --cacert ${CA_FILE} `);
  });

  it("gives a key to its own server alone, and that of the authority to nobody", () => {
    const holders = (/** @type {string} */ secret) =>
      Object.keys(services).filter((name) => services[name]?.secrets?.includes(secret));
    expect(holders(STORE_TLS.mysqlKey)).toEqual(["mysql"]);
    expect(holders(STORE_TLS.redisKey)).toEqual(["redis"]);
    expect(read("compose.yaml")).not.toContain("authority");
  });
});

it("the settings of Kubernetes are as those of compose.yaml: no plain address of MySQL or Redis is left", () => {
  for (const file of ["compose.yaml", "compose.scale.yaml", "kubernetes/base/kustomization.yaml"]) {
    expect(read(file), file).not.toContain("redis://");
    for (const [address] of read(file).matchAll(/mysql:\/\/\S+/g))
      expect(address, file).toContain("?ssl-mode=VERIFY_IDENTITY");
  }
  const stores = read("kubernetes/base/stores.yaml");
  for (const option of services["mysql"]?.command?.filter((option) => /ssl|secure/.test(option)) ?? [])
    expect(stores).toContain(`- ${option}\n`);
  expect(stores).toContain("--ssl-mode=VERIFY_IDENTITY");
  expect(stores).toContain(`redis-cli --tls --cacert ${CA_FILE} `);
});

describe("the certificates", () => {
  const directory = mkdtempSync(join(tmpdir(), "neuronova-certificates-"));
  const text = (/** @type {string} */ name) => readFileSync(join(directory, name), "utf8");
  const certificate = (/** @type {string} */ name) => new X509Certificate(text(name));
  /** @type {string[]} */
  let made = [];
  beforeAll(() => void (made = createStoreCertificates(directory)));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it("are of the names by which the servers are asked, signed by the authority, for a year and a month", () => {
    expect(made).toEqual([STORE_TLS.ca, STORE_TLS.mysqlCertificate, STORE_TLS.redisCertificate]);
    const ca = certificate(STORE_TLS.ca);
    expect(ca.ca).toBe(true);
    for (const [url, name, key] of [
      ["NEURONOVA_DATABASE_URL", STORE_TLS.mysqlCertificate, STORE_TLS.mysqlKey],
      ["NEURONOVA_REDIS_URL", STORE_TLS.redisCertificate, STORE_TLS.redisKey],
    ]) {
      const server = certificate(name ?? "");
      const { hostname } = new URL(services["api"]?.environment?.[url ?? ""] ?? "");
      expect(server.checkHost(hostname), name).toBe(hostname);
      expect(server.checkHost("localhost"), name).toBe("localhost");
      expect(server.checkHost("orthanc"), name).toBeUndefined();
      expect(server.ca, name).toBe(false);
      expect(server.verify(ca.publicKey), name).toBe(true);
      expect(server.checkPrivateKey(createPrivateKey(text(key ?? ""))), name).toBe(true);
    }
    const days = validDays(directory, made).map(({ days }) => days);
    expect(days).toEqual([3_649, 396, 396]);
  });

  it("can be read by containers in a directory that is closed; the authority's key cannot", () => {
    const mode = (/** @type {string} */ name) => statSync(join(directory, name)).mode & 0o777;
    expect(mode(STORE_TLS.mysqlKey)).toBe(0o444);
    expect(mode(STORE_TLS.redisCertificate)).toBe(0o444);
    expect(mode("authority")).toBe(0o700);
    expect(mode(AUTHORITY_KEY)).toBe(0o600);
  });

  it("are made once; one that is deleted is made again by the same authority, with the same key", () => {
    expect(createStoreCertificates(directory)).toEqual([]);
    const [before, key] = [certificate(STORE_TLS.redisCertificate), text(STORE_TLS.redisKey)];
    rmSync(join(directory, STORE_TLS.redisCertificate));
    expect(createStoreCertificates(directory)).toEqual([STORE_TLS.redisCertificate]);
    const after = certificate(STORE_TLS.redisCertificate);
    expect(after.serialNumber).not.toBe(before.serialNumber);
    expect(after.verify(certificate(STORE_TLS.ca).publicKey)).toBe(true);
    expect(text(STORE_TLS.redisKey)).toBe(key);
  });

  it("are not made without the authority's key, where somebody put it away", () => {
    rmSync(join(directory, "authority"), { recursive: true });
    expect(createStoreCertificates(directory)).toEqual([]);
    rmSync(join(directory, STORE_TLS.mysqlCertificate));
    expect(() => createStoreCertificates(directory)).toThrow(/mysql-certificate is made with .*store-ca-key/);
  });
});
