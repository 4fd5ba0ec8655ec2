import fc from "fast-check";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect } from "vitest";
import { ConfigError, SETTINGS, readConfig } from "../../src/config.js";
import { fuzz } from "./fuzz.js";
import { mutated } from "./mutation.js";

const directory = mkdtempSync(join(tmpdir(), "neuronova-fuzz-"));
afterAll(() => rmSync(directory, { recursive: true }));

const settings = Object.entries(SETTINGS);
const examples = settings.map(([, { example }]) => Buffer.from(example));
const text = fc.oneof(
  fc.string(),
  fc.json(),
  fc.webUrl(),
  fc.integer().map(String),
  fc.double().map(String),
  mutated(examples).map((bytes) => bytes.toString("latin1").replaceAll("\0", "")),
);
/** Stands in every value that is a secret, and nowhere else. */
const MARK = "7d1c9f-secret";
const secrets = new Set(settings.filter(([, each]) => "secret" in each && each.secret).map(([name]) => name));
const isSecret = (name: string) => secrets.has(name);
const names = fc.constantFrom(...settings.map(([name]) => name));
const environment = fc
  .dictionary(names, text, { minKeys: 1, maxKeys: 8 })
  .map((values) =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, isSecret(name) ? value + MARK : value]),
    ),
  );

function readOrRefused(given: Readonly<Record<string, string>>): void {
  try {
    readConfig(given);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.problems.length).toBeGreaterThan(0);
    expect(error.message).not.toContain(MARK);
  }
}

fuzz("any settings are taken or refused by name, and a refusal tells no secret", environment, readOrRefused);

fuzz(
  "files of settings may hold any bytes",
  fc.tuple(names, fc.oneof(mutated(examples), fc.uint8Array())),
  ([name, bytes]) => {
    const file = join(directory, name);
    writeFileSync(file, Buffer.concat([bytes, Buffer.from(isSecret(name) ? MARK : "")]));
    readOrRefused({ [`${name}_FILE`]: file });
  },
);
