import { chmod, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DiskRing, type RingPlace } from "./disk-ring.js";

let directory: string;
let ring: DiskRing | undefined;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ring-"));
});

afterEach(async () => {
  await ring?.close();
  ring = undefined;
  await rm(directory, { recursive: true });
});

const bytes = (value: number, length: number) => Buffer.alloc(length, value);

test("the newest are there, the oldest make room, and what is there is what was written", async () => {
  ring = await DiskRing.open(join(directory, "made"), 1_000);
  const places: [number, number, RingPlace][] = [];
  for (let value = 1; value <= 40; value += 1) {
    const length = 30 + ((value * 37) % 200);
    const place = await ring.write(bytes(value, length));
    if (place !== undefined) places.push([value, length, place]);
  }
  expect(places).toHaveLength(40);
  let held = 0;
  let newestLost = 0;
  for (const [value, length, place] of places) {
    const found = await ring.read(place, 0, length);
    if (found === undefined) newestLost = value;
    else {
      expect(Buffer.from(found).equals(bytes(value, length))).toBe(true);
      held += length;
    }
  }
  // Nothing newer than something lost is lost, and most of the room is used.
  expect(newestLost).toBeGreaterThan(20);
  expect(newestLost).toBeLessThan(38);
  expect(held).toBeGreaterThan(600);
});

test("a part can be read, beyond the file nothing", async () => {
  ring = await DiskRing.open(directory, 1_000);
  const place = (await ring.write(Buffer.from("abcdefgh"))) as RingPlace;
  expect(Buffer.from((await ring.read(place, 2, 3)) ?? []).toString()).toBe("cde");
  expect(await ring.read(place, 0, 10_000)).toBeUndefined();
});

test("what is a large part of the whole is not taken", async () => {
  ring = await DiskRing.open(directory, 1_000);
  expect(await ring.write(bytes(1, 251))).toBeUndefined();
  expect(await ring.write(bytes(1, 250))).toBeDefined();
});

test("many at once do not mix", async () => {
  ring = await DiskRing.open(directory, 100_000);
  const open = ring;
  const places = await Promise.all(Array.from({ length: 50 }, (_, value) => open.write(bytes(value, 997))));
  const read = await Promise.all(places.map((place) => open.read(place as RingPlace, 0, 997)));
  read.forEach((found, value) => expect(Buffer.from(found ?? []).equals(bytes(value, 997))).toBe(true));
});

test("its file has no name, and its folder is nobody else's", async () => {
  ring = await DiskRing.open(directory, 1_000);
  expect(await readdir(directory)).toEqual([]);
  await chmod(directory, 0o755);
  await expect(DiskRing.open(directory, 1_000)).rejects.toThrow("this user's alone");
});

test("after it is closed nothing is there", async () => {
  ring = await DiskRing.open(directory, 1_000);
  const place = (await ring.write(bytes(1, 10))) as RingPlace;
  await ring.close();
  expect(await ring.read(place, 0, 10)).toBeUndefined();
  expect(await ring.write(bytes(1, 10))).toBeUndefined();
  ring = undefined;
});
