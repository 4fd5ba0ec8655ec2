import { createRequire } from "node:module";
import { silently } from "./codec-output.js";
import type { FrameInfo } from "./htj2k-codec.js";

/** What is used of the decoders of OpenJPH and OpenJPEG in WebAssembly. */
export interface CodestreamDecoder {
  getEncodedBuffer(bytes: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  getFrameInfo(): FrameInfo;
  decode(): void;
  delete(): void;
}

export interface Jpeg2000WasmDecoder extends CodestreamDecoder {
  getIsReversible(): boolean;
}

const require = createRequire(import.meta.url);
const open = <Codec>(name: string) =>
  (require(name) as (options: ReturnType<typeof silently>) => Promise<Codec>)(silently());

/** Each call reads the codec anew, with a memory of its own. */
export const LOAD_DECODER = {
  htj2k: async () =>
    (await open<{ HTJ2KDecoder: new () => CodestreamDecoder }>("@cornerstonejs/codec-openjph")).HTJ2KDecoder,
  jpeg2000: async () =>
    (await open<{ J2KDecoder: new () => Jpeg2000WasmDecoder }>("@cornerstonejs/codec-openjpeg/decodewasmjs"))
      .J2KDecoder,
};
