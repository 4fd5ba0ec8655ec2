import type { InstanceRecord } from "../state/records.js";
import type { State } from "../state/state.js";
import type { RenderOutcome } from "./renderer.js";

/** An instance whose rendition is made, or will never be. */
export interface FinishedInstance {
  readonly instance: Pick<InstanceRecord, "orthancId" | "fileUuid" | "sopInstanceUid"> & {
    readonly studyInstanceUid: string;
    readonly seriesInstanceUid: string;
  };
  readonly outcome: Exclude<RenderOutcome, { kind: "gone" }>;
}

/** Records how instances ended and tells of it, in one transaction. One whose file changed since is left as it is. */
export async function finishInstances(
  finished: readonly FinishedInstance[],
  { state }: { readonly state: State },
): Promise<void> {
  // In one order everywhere, so that two processes do not wait for each other.
  const sorted = [...finished].sort((a, b) => (a.instance.orthancId < b.instance.orthancId ? -1 : 1));
  await state.transaction(async (transaction) => {
    for (const { instance, outcome } of sorted) {
      const { orthancId, fileUuid, studyInstanceUid, seriesInstanceUid, sopInstanceUid } = instance;
      const where = { studyInstanceUid, seriesInstanceUid, sopInstanceUid };
      if (outcome.kind === "not-renderable") {
        const { reason } = outcome;
        if (await transaction.markNotRenderable(orthancId, fileUuid, reason))
          await transaction.appendEvent({ event: "instance.not-renderable", ...where, data: { reason } });
      } else if (await transaction.markRendered(orthancId, fileUuid, outcome.rendition)) {
        const { renditionBytes, pixelBytes } = outcome.rendition;
        const data = { renditionBytes, pixelBytes };
        await transaction.appendEvent({ event: "instance.rendered", ...where, data });
      }
    }
  });
}
