import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ConfigError, readConfig } from "./config.js";
import { settingsTable } from "./settings-table.js";

const WORKING = {
  NEURONOVA_DATABASE_URL: "mysql://neuronova:hush@db:3306/neuronova",
  NEURONOVA_REDIS_URL: "redis://redis:6379/0",
  NEURONOVA_ORTHANC_URL: "http://orthanc:8042/",
  NEURONOVA_ORTHANC_PASSWORD: "orthanc-password",
  NEURONOVA_FHIR_URL: "http://fhir:8080/fhir",
  NEURONOVA_ARRIVAL_SECRET: "0123456789abcdef",
  NEURONOVA_TOKEN_SIGNING_KEY: "0123456789abcdef0123456789abcdef",
};

function without(name: keyof typeof WORKING): Record<string, string> {
  return Object.fromEntries(Object.entries(WORKING).filter(([key]) => key !== name));
}

function problemsOf(environment: Record<string, string>): string {
  try {
    readConfig(environment);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
  throw new Error("the configuration was taken");
}

describe("the configuration", () => {
  test("has a default for whatever may be left out, and all roles", () => {
    const config = readConfig(WORKING);
    expect(config.NEURONOVA_ROLES).toEqual(["api", "transcoding", "inference", "delivery"]);
    expect(config.NEURONOVA_STABLE_AFTER_SECONDS).toBe(5);
    expect(config.NEURONOVA_ORTHANC_URL).toBe("http://orthanc:8042");
  });

  test("takes Redis by its Sentinels, but not without one", () => {
    const NEURONOVA_REDIS_URL = "redis+sentinel://images/0?sentinel=10.0.0.1:26379";
    expect(readConfig({ ...WORKING, NEURONOVA_REDIS_URL }).NEURONOVA_REDIS_URL).toBe(NEURONOVA_REDIS_URL);
    const without = { ...WORKING, NEURONOVA_REDIS_URL: "redis+sentinel://images/0" };
    expect(problemsOf(without)).toContain("NEURONOVA_REDIS_URL (value hidden): must name Sentinels");
  });

  test("names every setting that is missing, with an example", () => {
    const problems = problemsOf({});
    expect(problems).toContain("NEURONOVA_DATABASE_URL is missing");
    expect(problems).toContain("Example: NEURONOVA_FHIR_URL=http://fhir:8080/fhir");
    expect(problems).toContain("NEURONOVA_TOKEN_SIGNING_KEY is missing");
  });

  test("names the problem of a wrong value, and hides the value of a secret", () => {
    const problems = problemsOf({
      ...WORKING,
      NEURONOVA_LISTEN_PORT: "80000",
      NEURONOVA_DATABASE_URL: "postgres://me:hush@db/x",
    });
    expect(problems).toMatch(/NEURONOVA_LISTEN_PORT is "80000": .*65535/);
    expect(problems).toContain("NEURONOVA_DATABASE_URL (value hidden): must be a URL starting with mysql://");
    expect(problems).not.toContain("hush");
  });

  test("wants what the chosen way to the FHIR server needs, and repeats nothing of a key", () => {
    const smart = { ...WORKING, NEURONOVA_FHIR_AUTHORIZATION: "smart-backend-services" };
    expect(problemsOf(smart)).toContain(
      "NEURONOVA_FHIR_CLIENT_ID is missing: NEURONOVA_FHIR_AUTHORIZATION is smart-backend-services",
    );
    const key = { kty: "RSA", n: "modulus", d: "hush" };
    const problems = problemsOf({ ...smart, NEURONOVA_FHIR_CLIENT_KEY: JSON.stringify(key) });
    expect(problems).toContain("NEURONOVA_FHIR_CLIENT_KEY (value hidden): must be a private JWK with kid");
    expect(problems).not.toMatch(/hush|modulus/);
    expect(problemsOf({ ...smart, NEURONOVA_FHIR_CLIENT_KEY: "hush" })).not.toContain("hush");
    expect(
      readConfig({
        ...smart,
        NEURONOVA_FHIR_CLIENT_ID: "neuronova",
        NEURONOVA_FHIR_CLIENT_KEY: JSON.stringify({ ...key, kid: "1" }),
      }).NEURONOVA_FHIR_CLIENT_KEY,
    ).toMatchObject({ kid: "1" });
  });

  test("refuses a setting it does not know: a typing error is not a default", () => {
    expect(problemsOf({ ...WORKING, NEURONOVA_STABLE_AFTER: "1" })).toContain(
      "NEURONOVA_STABLE_AFTER is not a setting",
    );
  });

  test("reads a secret from the file its _FILE names, without the line's end", () => {
    const file = join(mkdtempSync(join(tmpdir(), "config-")), "secret");
    writeFileSync(file, "a-secret-from-a-file\n");
    const rest = without("NEURONOVA_ARRIVAL_SECRET");
    expect(readConfig({ ...rest, NEURONOVA_ARRIVAL_SECRET_FILE: file }).NEURONOVA_ARRIVAL_SECRET).toBe(
      "a-secret-from-a-file",
    );
    expect(problemsOf({ ...rest, NEURONOVA_ARRIVAL_SECRET_FILE: `${file}-not-there` })).toContain(
      "cannot be read (ENOENT)",
    );
    expect(problemsOf({ ...WORKING, NEURONOVA_ARRIVAL_SECRET_FILE: file })).toContain("are both set");
  });

  test("takes a list of identity providers as JSON, and names what is wrong in one", () => {
    expect(readConfig(WORKING).NEURONOVA_IDENTITY_PROVIDERS).toEqual([]);
    const provider = { issuer: "https://id.example.org", audiences: ["a"], roleClaim: ["role"], roles: {} };
    const withProviders = (providers: unknown) => ({
      ...WORKING,
      NEURONOVA_IDENTITY_PROVIDERS: JSON.stringify(providers),
    });
    expect(readConfig(withProviders([provider])).NEURONOVA_IDENTITY_PROVIDERS).toMatchObject([
      { issuer: "https://id.example.org", algorithms: ["RS256"], types: ["at+jwt"], labels: [] },
    ]);
    expect(problemsOf({ ...WORKING, NEURONOVA_IDENTITY_PROVIDERS: "{" })).toContain("is not JSON");
    expect(problemsOf(withProviders([provider, provider]))).toContain("an issuer is there twice");
    expect(problemsOf(withProviders([{ ...provider, issuer: "http://id.example.org" }]))).toContain(
      "0.issuer: must be an https URL",
    );
    const key = { kty: "EC", kid: "1", crv: "P-256", x: "x", y: "y", d: "the private part" };
    const problems = problemsOf(withProviders([{ ...provider, jwks: { keys: [key] } }]));
    expect(problems).toContain("0.jwks.keys.0: holds a private key");
    expect(problems).not.toContain(key.d);
  });

  test("needs no signing key in a worker", () => {
    const rest = without("NEURONOVA_TOKEN_SIGNING_KEY");
    expect(readConfig({ ...rest, NEURONOVA_ROLES: "delivery, transcoding" }).NEURONOVA_ROLES).toEqual([
      "delivery",
      "transcoding",
    ]);
  });

  test("is documented: docs/settings.md is its table", () => {
    const documented = readFileSync(new URL("../../docs/settings.md", import.meta.url), "utf8");
    expect(documented).toContain(settingsTable());
  });
});
