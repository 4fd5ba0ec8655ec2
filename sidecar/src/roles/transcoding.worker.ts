import { setPriority } from "node:os";
import { workerData } from "node:worker_threads";
import { move, transferableSymbol, valueSymbol } from "piscina";
import { OrthancArchive } from "../adapters/orthanc/orthanc-archive.js";
import { OrthancHttp, type OrthancSettings } from "../adapters/orthanc/http.js";
import { ArchiveError } from "../archive/archive.js";
import { CODEC } from "../transcoding/htj2k-codec.js";
import { FrameRenderer } from "../transcoding/render-frame.js";
import type { Renderer } from "../transcoding/renderer.js";
import { ThreadRenderer } from "../transcoding/thread-renderer.js";
import { Jpeg2000Thread } from "./jpeg2000-thread.js";

/** Errors lose their class between threads, so a fault of the archive is an answer. */
export type ThreadAnswer<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      readonly code: ArchiveError["code"];
      readonly retryable: boolean;
      readonly message: string;
    };

export interface TranscodingThreadData {
  readonly orthanc: OrthancSettings;
}

/**
 * On Linux this is of the thread that says it (nice(2)): what encodes steps back for whatever receives and serves, be it
 * Orthanc or this program.
 */
const NICE = 19;
setPriority(NICE);

/** A thread has its own connections to Orthanc: pixels go from the socket to the codec and back. */
const { orthanc } = workerData as TranscodingThreadData;
const renderer: Renderer = new ThreadRenderer(
  new OrthancArchive(new OrthancHttp(orthanc)),
  await FrameRenderer.load(new Jpeg2000Thread()),
  CODEC,
);

export function renderInstance(parameters: Parameters<Renderer["renderInstance"]>) {
  return answered(() => renderer.renderInstance(...parameters));
}

export function attachFrames(parameters: Parameters<Renderer["attachFrames"]>) {
  return answered(() => renderer.attachFrames(...parameters));
}

export function verifyRendition(parameters: Parameters<Renderer["verifyRendition"]>) {
  return answered(() => renderer.verifyRendition(...parameters));
}

/** The codestreams change hands instead of being copied. */
export async function renderFrames(parameters: Parameters<Renderer["renderFrames"]>) {
  const answer = await answered(() => renderer.renderFrames(...parameters));
  if (!answer.ok || answer.value.kind !== "frames") return answer;
  return move({
    [transferableSymbol]: answer.value.frames.map(({ codestream }) => codestream.buffer),
    [valueSymbol]: answer,
  });
}

async function answered<T>(work: () => Promise<T>): Promise<ThreadAnswer<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    const { code, retryable, message } = error;
    return { ok: false, code, retryable, message };
  }
}
