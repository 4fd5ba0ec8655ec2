import { ArchiveError } from "../../archive/archive.js";
import type { DecodedFrame, PixelFormat } from "../../dicom/frame.js";

const MAGIC = "\u0093NUMPY";

/**
 * Reads one frame of Orthanc's `/numpy` answer (NumPy format 1.0): shape (1, rows, columns, samples), C order.
 * @throws ArchiveError `frame-undecodable` when it is not the frame that the data set describes
 */
export function frameFromNpy(bytes: Uint8Array, format: PixelFormat): DecodedFrame {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.toString("latin1", 0, 6) !== MAGIC) throw undecodable("it is not a NumPy array");
  const headerBytes = buffer.readUInt16LE(8);
  const header = buffer.toString("latin1", 10, 10 + headerBytes);
  const type = /'descr': '([<>|=])([iuf])(\d)'/.exec(header);
  const shape = /'shape': \(([\d, ]+)\)/
    .exec(header)?.[1]
    ?.split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map(Number);
  if (type === null || shape === undefined || header.includes("'fortran_order': True"))
    throw undecodable("its header is not known");
  const [, order, kind, size] = type;
  const count = format.rows * format.columns * format.samplesPerPixel;
  if (shape.reduce((product, length) => product * length, 1) !== count) {
    throw undecodable(
      `its shape is (${shape.join(", ")}), not ${format.rows} × ${format.columns} × ${format.samplesPerPixel}`,
    );
  }
  if (order === ">" || kind === "f" || (size !== "1" && size !== "2"))
    throw undecodable(`its samples are ${order ?? ""}${kind ?? ""}${size ?? ""}`);
  const data = buffer.subarray(10 + headerBytes);
  if (data.byteLength !== count * Number(size)) throw undecodable("its length does not fit its shape");
  // A copy: the data starts at an odd address more often than not.
  const aligned = new Uint8Array(data).buffer;
  const signed = kind === "i";
  const samples =
    size === "1"
      ? signed
        ? new Int8Array(aligned)
        : new Uint8Array(aligned)
      : signed
        ? new Int16Array(aligned)
        : new Uint16Array(aligned);
  if (Number(size) * 8 !== format.bitsAllocated) {
    throw undecodable(`it has ${Number(size) * 8} bits a sample, the data set says ${format.bitsAllocated}`);
  }
  return { ...format, signed, samples };
}

function undecodable(why: string): ArchiveError {
  return new ArchiveError("frame-undecodable", false, `Orthanc's decoded frame cannot be used: ${why}`);
}
