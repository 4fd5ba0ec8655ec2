/** One member of a JSON object, as it is written. */
export interface JsonMember {
  readonly key: string;
  /** `"key": value`, without what separates it from others. */
  readonly text: string;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const COMMA = 0x2c;

/**
 * The objects of a JSON array as they come, each as its bytes: metadata of a study is many megabytes, and its numbers and
 * the order of its attributes are to stay as they were written.
 * @throws SyntaxError when the stream is no array of objects
 */
export async function* objectsOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let depth = 0;
  let inString = false;
  let escaped = false;
  let pieces: Buffer[] = [];
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = depth >= 2 ? 0 : -1;
    for (let index = 0; index < bytes.byteLength; index += 1) {
      const byte = bytes[index];
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) inString = false;
      } else if (byte === QUOTE) inString = true;
      else if (byte === OPEN || byte === OPEN_ARRAY) {
        depth += 1;
        if (depth === 1 && byte !== OPEN_ARRAY) throw new SyntaxError("the JSON is not an array");
        if (depth === 2) start = index;
      } else if (byte === CLOSE || byte === CLOSE_ARRAY) {
        depth -= 1;
        if (depth === 1) {
          pieces.push(bytes.subarray(start, index + 1));
          yield Buffer.concat(pieces);
          pieces = [];
          start = -1;
        }
      }
    }
    if (start >= 0) pieces.push(Buffer.from(bytes.subarray(start)));
  }
  if (depth !== 0) throw new SyntaxError("the JSON is cut off");
}

/** The members of an object in their order, as they are written. Whitespace around them is left out. */
export function membersOf(object: Buffer): JsonMember[] {
  const members: JsonMember[] = [];
  let depth = 0;
  let inString = false;
  let start = -1;
  const end = (index: number) => {
    if (start < 0) return;
    const text = object.toString("utf8", start, index).trim();
    members.push({ key: JSON.parse(/^"(?:[^"\\]|\\.)*"/.exec(text)?.[0] ?? "null") as string, text });
    start = -1;
  };
  for (let index = 0; index < object.byteLength; index += 1) {
    const byte = object[index];
    if (inString) {
      if (byte === BACKSLASH) index += 1;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) {
      if (depth === 1 && start < 0) start = index;
      inString = true;
    } else if (byte === OPEN || byte === OPEN_ARRAY) depth += 1;
    else if (byte === CLOSE || byte === CLOSE_ARRAY) {
      depth -= 1;
      if (depth === 0) end(index);
    } else if (byte === COMMA && depth === 1) end(index);
  }
  return members;
}
