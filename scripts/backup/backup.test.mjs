import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { repositoryRoot } from "../local-stack/repository.mjs";
import { filesBelow, mirror } from "./folders.mjs";
import { writeManifest } from "./manifest.mjs";

const place = mkdtempSync(join(tmpdir(), "neuronova-backup-"));
afterAll(() => rmSync(place, { recursive: true, force: true }));

/** @type {string} */
let root;
/** @type {string} */
let storage;
/** @type {string} */
let models;

beforeEach(() => {
  root = mkdtempSync(join(place, "case-"));
  [storage, models] = [join(root, "orthanc"), join(root, "models")];
  for (const path of [storage, models]) mkdirSync(path);
  writeFileSync(join(storage, "index"), "index");
  writeFileSync(join(models, "card.json"), "{}");
});

const DATABASE = { NEURONOVA_DATABASE_URL: "mysql://neuronova:x@127.0.0.1:1/neuronova" };

/**
 * @param {"backup" | "restore"} script
 * @param {readonly string[]} options
 * @param {Readonly<Record<string, string>>} environment
 */
function run(script, options, environment = DATABASE) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(repositoryRoot, `scripts/backup/${script}.mjs`), ...options],
    { encoding: "utf8", env: { PATH: process.env["PATH"] ?? "", ...environment } },
  );
  return { status, output: `${stdout}${stderr}` };
}

/** A backup whose Orthanc notes that it was paused. */
const backUp = (
  /** @type {readonly string[]} */ options,
  /** @type {Readonly<Record<string, string>>} */ environment = DATABASE,
) =>
  run(
    "backup",
    [
      `--to=${join(root, "backup")}`,
      `--orthanc-storage=${storage}`,
      `--pause-orthanc=touch ${join(root, "paused")}`,
      "--resume-orthanc=true",
      ...options,
    ],
    environment,
  );

/** @param {string} name */
const at = (name) => join(root, name);

test.each([
  ["a folder that is not there", () => [`--folder=models=${at("modles")}`], "there is no folder"],
  ["a folder that is a file", () => [`--folder=models=${join(models, "card.json")}`], "is no folder"],
  ["a folder that is named twice", () => [`--folder=a=${models}`, `--folder=a=${storage}`], "given twice"],
  ["a backup within what is backed up", () => [`--to=${join(storage, "backup")}`], "is within"],
])("%s is refused before anything is copied or paused", (_what, options, reason) => {
  const { status, output } = backUp(options());
  expect(output).toContain(reason);
  expect(status).toBe(1);
  for (const path of ["backup", "backup.unfinished", "paused"]) expect(existsSync(at(path))).toBe(false);
});

test.each([
  ["no database", {}, "NEURONOVA_DATABASE_URL is not set"],
  ["no address", { NEURONOVA_DATABASE_URL: "mysql://secret" }, "NEURONOVA_DATABASE_URL is not mysql://"],
  ["no client program", { ...DATABASE, PATH: "/nowhere" }, "none of mariadb-dump, mysqldump is installed"],
  ["settings of no sidecar", DATABASE, /NEURONOVA_REDIS_URL|is not built/],
])("with %s a backup is refused before anything is copied or paused", (_what, environment, reason) => {
  const { status, output } = backUp([`--folder=models=${models}`], environment);
  expect(output).toMatch(reason);
  expect(output).not.toContain("mysql://secret");
  expect(status).toBe(1);
  for (const path of ["backup.unfinished", "paused"]) expect(existsSync(at(path))).toBe(false);
});

test("a link is followed, to a file and to a folder, and what it leads to is copied", async () => {
  mkdirSync(at("elsewhere/weights"), { recursive: true });
  writeFileSync(at("elsewhere/weights/part.bin"), "weights");
  writeFileSync(at("elsewhere/one.bin"), "one");
  symlinkSync(at("elsewhere/weights"), join(models, "weights"));
  symlinkSync("../elsewhere/one.bin", join(models, "one.bin"));
  symlinkSync(models, at("linked-models"));
  const files = ["card.json", "one.bin", "weights/part.bin"];
  expect(await filesBelow(models)).toEqual(files);
  await mirror(at("linked-models"), at("copy"));
  expect(await filesBelow(at("copy"))).toEqual(files);
  rmSync(at("elsewhere"), { recursive: true });
  expect(readFileSync(at("copy/weights/part.bin"), "utf8")).toBe("weights");
  expect(readFileSync(at("copy/one.bin"), "utf8")).toBe("one");
});

test("a link that leads nowhere, or back to where it is, is refused", async () => {
  symlinkSync("nowhere", join(models, "weights"));
  await expect(filesBelow(models)).rejects.toThrow("leads nowhere");
  rmSync(join(models, "weights"));
  symlinkSync("..", join(models, "weights"));
  await expect(filesBelow(models)).rejects.toThrow("a folder it is in");
});

test("folders of a restore that are one, or one within another, are refused before anything is written", () => {
  mkdirSync(at("target"));
  symlinkSync(at("target"), at("link"));
  for (const [folder, reason] of [
    [at("target"), "are the same folder"],
    [at("link"), "are the same folder"],
    [at("target/models"), "is within"],
    [at("link/models"), "is within"],
    [root, "is within"],
  ]) {
    const options = [
      `--from=${at("backup")}`,
      `--orthanc-storage=${at("target")}`,
      `--folder=models=${folder}`,
    ];
    const { status, output } = run("restore", options);
    expect(output).toContain(reason);
    expect(status).toBe(1);
  }
});

test("a restore that broke off says what to remove before it is tried again", async () => {
  for (const [name, path] of [
    ["orthanc", storage],
    ["folders/models", models],
  ])
    await mirror(path ?? "", at(`backup/${name}`));
  writeFileSync(at("backup/database.sql"), "SELECT 1;\n");
  await writeManifest(at("backup"), { folders: ["models"], secrets: [] });
  mkdirSync(at("bin"));
  // It is empty, and has no room.
  writeFileSync(
    at("bin/mariadb"),
    '#!/bin/sh\ncase "$*" in *"SHOW TABLES"*) exit 0;; esac\necho "No space left" >&2\nexit 1\n',
  );
  chmodSync(at("bin/mariadb"), 0o755);
  const { status, output } = run(
    "restore",
    [
      `--from=${at("backup")}`,
      `--orthanc-storage=${at("new/orthanc")}`,
      `--folder=models=${at("new/models")}`,
    ],
    { ...DATABASE, PATH: `${at("bin")}:/usr/bin:/bin` },
  );
  expect(status).toBe(1);
  expect(output).toContain("No space left");
  expect(output).toContain(
    `Remove before it is tried again: the content of ${at("new/orthanc")}, the content of ${at("new/models")}, the tables of the database.`,
  );
});
