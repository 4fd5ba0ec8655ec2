/** What the markers of a JPEG 2000 codestream say (ISO/IEC 15444-1 annex A, 15444-15 annex A). */
export interface Codestream {
  readonly columns: number;
  readonly rows: number;
  readonly components: readonly { readonly bits: number; readonly signed: boolean }[];
  readonly progressionOrder: "LRCP" | "RLCP" | "RPCL" | "PCRL" | "CPRL";
  readonly decompositionLevels: number;
  readonly highThroughput: boolean;
  readonly reversible: boolean;
  readonly multipleComponentTransform: boolean;
  readonly tiles: number;
  /** In their order; `end` is the offset of the first byte behind. */
  readonly tileParts: readonly { readonly start: number; readonly end: number }[];
  /** Lengths of tile-parts as the TLM marker lists them; undefined without one. */
  readonly listedLengths: readonly number[] | undefined;
}

/** Bytes that are not a whole JPEG 2000 codestream. */
export class CodestreamError extends Error {
  override readonly name = "CodestreamError";
}

const SOC = 0xff4f;
const CAP = 0xff50;
const SIZ = 0xff51;
const COD = 0xff52;
const TLM = 0xff55;
const SOT = 0xff90;
const EOC = 0xffd9;
const PROGRESSION_ORDERS = ["LRCP", "RLCP", "RPCL", "PCRL", "CPRL"] as const;
/** Bit of Pcap that says there is Part 15 (15444-15 A.2). */
const PART_15 = 1 << 17;
/** Bit of the code-block style that says blocks are high-throughput ones (15444-15 A.4). */
const HT_BLOCKS = 0x40;

/**
 * Reads the main header and walks over the tile-parts, whose contents it does not look at.
 * @throws CodestreamError when a marker is missing or out of place, or the bytes end too early or go on too long
 */
export function parseCodestream(bytes: Uint8Array): Codestream {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.byteLength < 4 || view.readUInt16BE(0) !== SOC)
    throw new CodestreamError("it does not begin with SOC");
  const segments = new Map<number, Buffer>();
  const listed: number[] = [];
  let position = 2;
  for (;;) {
    if (position + 4 > view.byteLength) throw new CodestreamError("it ends within its main header");
    const marker = view.readUInt16BE(position);
    if (marker === SOT) break;
    const length = view.readUInt16BE(position + 2);
    if (marker < 0xff50 || length < 2 || position + 2 + length > view.byteLength)
      throw new CodestreamError("its main header is broken");
    const segment = view.subarray(position + 4, position + 2 + length);
    if (marker === TLM) listed.push(...lengthsIn(segment));
    segments.set(marker, segment);
    position += 2 + length;
  }
  const { tileParts, end } = tilePartsFrom(view, position);
  if (end + 2 !== view.byteLength || view.readUInt16BE(end) !== EOC)
    throw new CodestreamError("it does not end with EOC where its tile-parts end");
  return {
    ...sizeIn(needed(segments.get(SIZ), 36, "SIZ")),
    ...codingStyleIn(needed(segments.get(COD), 10, "COD"), segments.get(CAP)),
    tileParts,
    listedLengths: segments.has(TLM) ? listed : undefined,
  };
}

function sizeIn(segment: Buffer): Pick<Codestream, "columns" | "rows" | "components" | "tiles"> {
  const at = (index: number) => segment.readUInt32BE(2 + 4 * index);
  const [columns, rows] = [at(0) - at(2), at(1) - at(3)];
  const [tileColumns, tileRows] = [at(4), at(5)];
  const count = segment.readUInt16BE(34);
  if (columns < 1 || rows < 1 || tileColumns < 1 || tileRows < 1 || segment.byteLength < 36 + 3 * count)
    throw new CodestreamError("its SIZ marker is broken");
  const components = Array.from({ length: count }, (_, index) => {
    const precision = segment.readUInt8(36 + 3 * index);
    return { bits: (precision & 0x7f) + 1, signed: precision >= 0x80 };
  });
  const tiles = Math.ceil((at(0) - at(6)) / tileColumns) * Math.ceil((at(1) - at(7)) / tileRows);
  return { columns, rows, components, tiles };
}

function codingStyleIn(
  segment: Buffer,
  capabilities: Buffer | undefined,
): Pick<
  Codestream,
  "progressionOrder" | "decompositionLevels" | "highThroughput" | "reversible" | "multipleComponentTransform"
> {
  const progressionOrder = PROGRESSION_ORDERS[segment.readUInt8(1)];
  if (progressionOrder === undefined) throw new CodestreamError("its progression order is not known");
  const part15 =
    capabilities !== undefined &&
    capabilities.byteLength >= 4 &&
    (capabilities.readUInt32BE(0) & PART_15) !== 0;
  return {
    progressionOrder,
    multipleComponentTransform: segment.readUInt8(4) === 1,
    decompositionLevels: segment.readUInt8(5),
    highThroughput: part15 && (segment.readUInt8(8) & HT_BLOCKS) !== 0,
    reversible: segment.readUInt8(9) === 1,
  };
}

/** The lengths in one TLM marker segment (A.7.1). */
function lengthsIn(segment: Buffer): number[] {
  if (segment.byteLength < 2) throw new CodestreamError("its TLM marker is broken");
  const sizes = segment.readUInt8(1);
  const indexBytes = (sizes >> 4) & 3;
  const lengthBytes = (sizes >> 6) & 1 ? 4 : 2;
  const entry = indexBytes + lengthBytes;
  if ((segment.byteLength - 2) % entry !== 0) throw new CodestreamError("its TLM marker is broken");
  return Array.from({ length: (segment.byteLength - 2) / entry }, (_, index) =>
    segment.readUIntBE(2 + index * entry + indexBytes, lengthBytes),
  );
}

function tilePartsFrom(
  view: Buffer,
  first: number,
): { tileParts: { start: number; end: number }[]; end: number } {
  const tileParts: { start: number; end: number }[] = [];
  let start = first;
  while (start + 12 <= view.byteLength && view.readUInt16BE(start) === SOT) {
    // Psot 0 means "to the end", which only the last may say (A.4.2).
    const length = view.readUInt32BE(start + 6) || view.byteLength - 2 - start;
    const end = start + length;
    if (length < 14 || end > view.byteLength - 2) throw new CodestreamError("it ends within a tile-part");
    tileParts.push({ start, end });
    start = end;
  }
  return { tileParts, end: start };
}

function needed(segment: Buffer | undefined, bytes: number, name: string): Buffer {
  if (segment === undefined || segment.byteLength < bytes)
    throw new CodestreamError(`its ${name} marker is missing or broken`);
  return segment;
}
