import fc from "fast-check";

/** Numbers at which lengths, counts and signs go wrong. */
const EDGES = [
  [0],
  [0xff],
  [0x7f],
  [0x80],
  [0, 0, 0, 0],
  [0xff, 0xff, 0xff, 0xff],
  [0xff, 0xff, 0xff, 0x7f],
  [0xfe, 0xff, 0xff, 0xff],
  [0xfe, 0xff, 0x00, 0xe0],
  [0xfe, 0xff, 0xdd, 0xe0],
].map((bytes) => Uint8Array.from(bytes));

interface Change {
  readonly kind: "overwrite" | "insert" | "remove" | "repeat" | "cut";
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly length: number;
}

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom("overwrite", "overwrite", "overwrite", "insert", "remove", "repeat", "cut"),
  // Headers stand at the beginning.
  at: fc.oneof(fc.nat(1_500), fc.nat(1 << 24)),
  bytes: fc.oneof(fc.constantFrom(...EDGES), fc.uint8Array({ minLength: 1, maxLength: 8 })),
  length: fc.integer({ min: 1, max: 200 }),
});

/** One of these, changed in a few places. */
export function mutated(originals: readonly Uint8Array[]): fc.Arbitrary<Buffer> {
  return fc
    .tuple(fc.constantFrom(...originals), fc.array(change, { minLength: 1, maxLength: 5 }))
    .map(([original, changes]) => changes.reduce(apply, Buffer.from(original)));
}

function apply(bytes: Buffer, { kind, at, bytes: written, length }: Change): Buffer {
  const start = at % (bytes.byteLength + 1);
  const [before, behind] = [bytes.subarray(0, start), bytes.subarray(start)];
  switch (kind) {
    case "overwrite":
      return Buffer.concat([before, written, behind.subarray(written.byteLength)]);
    case "insert":
      return Buffer.concat([before, written, behind]);
    case "remove":
      return Buffer.concat([before, behind.subarray(length)]);
    case "repeat":
      return Buffer.concat([before, behind.subarray(0, length), behind]);
    case "cut":
      return Buffer.from(before);
  }
}
