import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { composeSchema } from "./compose-schema.mjs";

// Rules only: no container is started here.
const root = new URL("../../", import.meta.url).pathname;
const read = (/** @type {string} */ path) => readFileSync(join(root, path), "utf8");
const compose = parse(read("compose.yaml"), { merge: true });
const backup = parse(read("compose.backup.yaml"));
const service = backup.services.backup;

it("compose.backup.yaml is valid by the compose-spec schema", () => {
  const validate = composeSchema();
  expect(validate(backup), JSON.stringify(validate.errors)).toBe(true);
});

it("has the environment of delivery, is started by nobody else, and mounts what compose.yaml keeps", () => {
  expect(service.extends).toEqual({ file: "compose.yaml", service: "delivery" });
  expect(service.profiles).toEqual(["backup"]);
  const kept = service.volumes.map((/** @type {string} */ volume) => volume.split(":")[0]);
  expect(kept.slice(1)).toEqual(["orthanc-storage", "fhir-data"]);
  for (const name of kept.slice(1)) expect(compose.volumes).toHaveProperty(name);
});

it("the image has every file that the scripts import", () => {
  const stage = /^FROM sidecar AS backup$([\s\S]*?)^FROM /m.exec(read("docker/Dockerfile"))?.[1] ?? "";
  const wanted = ["scripts/backup/backup.mjs", "scripts/backup/restore.mjs"];
  for (const path of wanted)
    for (const [, name = ""] of read(path).matchAll(/from "(\.[^"]+)"/g)) {
      const imported = relative(root, join(root, dirname(path), name));
      if (!wanted.includes(imported)) wanted.push(imported);
    }
  expect(wanted).toContain("scripts/local-stack/repository.mjs");
  for (const path of wanted)
    expect(path.startsWith("scripts/backup/") || stage.includes(`COPY ${path} `), path).toBe(true);
});
