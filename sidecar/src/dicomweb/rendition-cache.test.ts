import { expect, test } from "vitest";
import type { OrthancId } from "../dicom/uid.js";
import { packRendition } from "../transcoding/rendition.js";
import type { RingPlace } from "./disk-ring.js";
import { KnownInstances, type KnownInstance } from "./known-instances.js";
import { RenditionCache } from "./rendition-cache.js";

const FRAME = 1_000;
const address = { studyInstanceUid: "1.1", seriesInstanceUid: "1.2", sopInstanceUid: "1.3" };

/** An archive that counts how often it is asked for a rendition of so many frames, and a disk in memory. */
function setUp(frames: number, options: { memory: number; disk: boolean }) {
  const pack = (seed: number) =>
    Buffer.concat(
      packRendition(
        "codec",
        "file",
        Array.from({ length: frames }, (_, index) => ({
          codestream: Buffer.alloc(FRAME, seed + index),
          pixelSha256: "x",
        })),
      ),
    );
  const kept: Uint8Array[] = [];
  const world = {
    reads: 0,
    unreadable: [] as string[],
    digest: "first" as string | null,
    bytes: pack(0),
    pack,
    instance: {
      orthancId: "id" as OrthancId,
      seriesInstanceUid: "1.2",
      sopInstanceUid: "1.3",
      fileUuid: "file",
      transferSyntaxUid: "1.2.840.10008.1.2.1",
      numberOfFrames: frames,
      rendered: true,
      renditionMd5: "first",
    } as KnownInstance,
  };
  const stored = {
    read: () => {
      world.reads += 1;
      return Promise.resolve(world.digest === null ? null : { bytes: world.bytes, digest: world.digest });
    },
    digest: () => Promise.resolve(world.digest),
  };
  const disk = {
    write: (bytes: Uint8Array) => Promise.resolve((kept.push(bytes) - 1) as RingPlace),
    read: (place: RingPlace, offset: number, length: number) =>
      Promise.resolve(kept[place]?.slice(offset, offset + length)),
  };
  const index = {
    instancesAt: () => Promise.resolve([world.instance]),
    instancesUnder: () => Promise.resolve([]),
  };
  const cache = new RenditionCache(
    stored,
    new KnownInstances(index),
    options.memory,
    options.disk ? disk : undefined,
    ({ orthancId }) => world.unreadable.push(orthancId),
  );
  return { world, cache };
}

test("one frame of a rendition larger than memory costs one reading of the whole, ever", async () => {
  const { world, cache } = setUp(200, { memory: 10 * FRAME, disk: true });
  for (const number of [1, 200, 57, 57, 3, 180, 1]) {
    const rendition = cache.peek(address) ?? (await cache.find(address, [number]));
    const [frame] = (rendition && (await cache.readFrames(rendition, [number]))) ?? [];
    expect([...new Set(frame)]).toEqual([(number - 1) % 256]);
  }
  expect(world.reads).toBe(1);
});

test("without a disk frames still come, each for a reading", async () => {
  const { world, cache } = setUp(200, { memory: 10 * FRAME, disk: false });
  for (const number of [1, 200, 57]) {
    const rendition = cache.peek(address) ?? (await cache.find(address, [number]));
    expect(rendition && (await cache.readFrames(rendition, [number]))).toHaveLength(1);
  }
  expect(world.reads).toBeLessThanOrEqual(4);
  expect(world.reads).toBeGreaterThan(1);
});

test("many who ask at once have it loaded once", async () => {
  const { world, cache } = setUp(2, { memory: 1_000_000, disk: true });
  const found = await Promise.all(Array.from({ length: 20 }, () => cache.find(address, [1])));
  expect(new Set(found).size).toBe(1);
  expect(world.reads).toBe(1);
  expect(found[0] && cache.framesAtHand(found[0], [2, 1, 2])).toHaveLength(3);
});

test("another rendition has another digest, and its own frames", async () => {
  const { world, cache } = setUp(1, { memory: 1_000_000, disk: true });
  const first = await cache.find(address, [1]);
  world.digest = "second";
  world.bytes = world.pack(7);
  const second = await cache.find(address, [1]);
  expect([first?.digest, second?.digest]).toEqual(["first", "second"]);
  expect(second && (await cache.readFrames(second, [1]))?.[0]?.[0]).toBe(7);
});

test("what is not rendered any more is not found, what has gone since gives no frames", async () => {
  const { world, cache } = setUp(200, { memory: 10 * FRAME, disk: false });
  const found = await cache.find(address, [1]);
  world.digest = null;
  expect(found && (await cache.readFrames(found, [99]))).toBeNull();
  expect(await cache.find(address, [1])).toBeNull();
  world.instance = { ...world.instance, rendered: false };
  world.digest = "first";
  expect(await setUp(1, { memory: 1, disk: false }).cache.find(address, [1])).not.toBeNull();
});

test("what is broken, or was made of another file, is told of and not served", async () => {
  const { world, cache } = setUp(2, { memory: 1_000_000, disk: true });
  world.bytes = world.bytes.subarray(0, -1);
  expect(await cache.find(address, [1])).toBeNull();
  expect(world.unreadable).toEqual(["id"]);
  const other = setUp(2, { memory: 1_000_000, disk: true });
  other.world.instance = { ...other.world.instance, fileUuid: "another" };
  expect(await other.cache.find(address, [1])).toBeNull();
  expect(other.world.unreadable).toEqual(["id"]);
});

test("what another process found to be bad is not at hand any more", async () => {
  const { cache } = setUp(1, { memory: 1_000_000, disk: true });
  await cache.find(address, [1]);
  expect(cache.peek(address)).toBeDefined();
  cache.forget(["id" as OrthancId]);
  expect(cache.peek(address)).toBeUndefined();
});
