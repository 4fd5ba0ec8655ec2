import type { OrthancId } from "../dicom/uid.js";
import type { LocatedInstance } from "../state/state.js";
import { readTraceparent } from "../tracing/trace-context.js";
import { traced } from "../tracing/traced.js";
import type { Tracer } from "../tracing/tracer.js";
import type { FinishedInstance } from "./finish-instances.js";
import type { Renderable, Renderer, RenderOutcome, RenditionSource } from "./renderer.js";
import { RENDITION_FORMAT, type RenderedFrame } from "./rendition.js";

export interface TranscodingDependencies {
  readonly find: (orthancId: OrthancId) => Promise<LocatedInstance | null>;
  readonly finish: (finished: FinishedInstance & { readonly instance: LocatedInstance }) => Promise<void>;
  /** It is not there any more, or with another file. */
  readonly gone: (orthancId: OrthancId) => Promise<void>;
  readonly renderer: Renderer;
  /** Instances of many frames wait for each other: one alone uses all threads, and its frames come together in memory. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  /** Ranges of frames of one instance worked on at the same time. */
  readonly rangesAtOnce: number;
  readonly tracer: Tracer;
}

const FRAMES_IN_RANGE = 4;

/**
 * Makes the HTJ2K rendition of an instance and attaches it. Idempotent: the same bytes are attached again.
 * @throws ArchiveError what is retryable; permanent faults end in the instance's state instead
 */
export async function transcodeInstance(
  orthancId: OrthancId,
  dependencies: TranscodingDependencies,
): Promise<void> {
  const instance = await dependencies.find(orthancId);
  if (instance === null || !isDue(instance)) return;
  const { transferSyntaxUid, attempts, traceparent } = instance;
  const start = {
    parent: readTraceparent(traceparent),
    kind: "consumer",
    attributes: {
      "orthanc.instance": orthancId,
      "dicom.transfer_syntax": transferSyntaxUid,
      "neuronova.attempt": attempts + 1,
    },
  } as const;
  await traced(dependencies.tracer, "transcode-instance", start, async (span) => {
    const outcome = await transcode(instance, dependencies);
    span?.note({ "neuronova.outcome": outcome });
  });
}

/** @returns how it ended */
async function transcode(
  instance: LocatedInstance,
  dependencies: TranscodingDependencies,
): Promise<RenderOutcome["kind"]> {
  const { finish, gone, renderer } = dependencies;
  const { orthancId } = instance;
  const attempt = await renderer.renderInstance({
    orthancId,
    fileUuid: instance.fileUuid,
    transferSyntaxUid: instance.transferSyntaxUid,
    numberOfFrames: instance.numberOfFrames,
  });
  const outcome =
    attempt.kind === "many-frames"
      ? await dependencies.inTurn(() => renderMany(instance, attempt.decision, dependencies))
      : attempt;
  if (outcome.kind === "gone") await gone(orthancId);
  else await finish({ instance, outcome });
  return outcome.kind;
}

/** Waits to be rendered, or was by an earlier version of this program. */
function isDue({ rendition, renditionFormat }: LocatedInstance): boolean {
  return rendition === "pending" || (rendition === "rendered" && (renditionFormat ?? 0) < RENDITION_FORMAT);
}

/** Ranges of frames go to whichever thread is free; the compressed frames come together here. */
async function renderMany(
  source: RenditionSource,
  decision: Renderable,
  { renderer, rangesAtOnce }: TranscodingDependencies,
): Promise<RenderOutcome> {
  const { numberOfFrames } = decision;
  const frames = new Array<RenderedFrame>(numberOfFrames);
  let failure: Extract<RenderOutcome, { kind: "not-renderable" | "gone" }> | undefined;
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < numberOfFrames && failure === undefined) {
      const first = next;
      next += FRAMES_IN_RANGE;
      const count = Math.min(FRAMES_IN_RANGE, numberOfFrames - first);
      const result = await renderer.renderFrames(source, decision, { first, count });
      if (result.kind === "frames") result.frames.forEach((frame, index) => (frames[first + index] = frame));
      else failure = result;
    }
  };
  await Promise.all(Array.from({ length: rangesAtOnce }, lane));
  return failure ?? renderer.attachFrames(source, decision, frames);
}
