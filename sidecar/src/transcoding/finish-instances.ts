import type { Archive } from "../archive/archive.js";
import type { NewEvent } from "../state/events.js";
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

/**
 * Records how instances ended and tells of it, in one transaction. One whose file changed since is left as it is: the
 * new file's arrival has it rendered, again if this rendition came after its own.
 */
export async function finishInstances(
  finished: readonly FinishedInstance[],
  { state, archive }: { readonly state: State; readonly archive: Pick<Archive, "indexedInstances"> },
): Promise<void> {
  // In one order everywhere, so that two processes do not wait for each other.
  const sorted = [...finished].sort((a, b) => (a.instance.orthancId < b.instance.orthancId ? -1 : 1));
  const indexed = await archive.indexedInstances(sorted.map(({ instance }) => instance.orthancId));
  const files = new Map(indexed.map(({ orthancId, fileUuid }) => [orthancId, fileUuid]));
  const current = sorted.filter(({ instance }) => files.get(instance.orthancId) === instance.fileUuid);
  const overtaken = sorted.filter(
    ({ instance: { orthancId, fileUuid } }) => files.has(orthancId) && files.get(orthancId) !== fileUuid,
  );
  await state.transaction(async (transaction) => {
    for (const { instance, outcome } of overtaken)
      if (outcome.kind === "rendered") await transaction.voidRendition(instance.orthancId, instance.fileUuid);
    const rendered = await transaction.markRendered(
      current.flatMap(({ instance: { orthancId, fileUuid }, outcome }) =>
        outcome.kind === "rendered" ? [{ orthancId, fileUuid, rendition: outcome.rendition }] : [],
      ),
    );
    const events: NewEvent[] = [];
    for (const { instance, outcome } of current) {
      const { orthancId, fileUuid, studyInstanceUid, seriesInstanceUid, sopInstanceUid } = instance;
      const where = { studyInstanceUid, seriesInstanceUid, sopInstanceUid };
      if (outcome.kind === "not-renderable") {
        const { reason } = outcome;
        if (await transaction.markNotRenderable(orthancId, fileUuid, reason))
          events.push({ event: "instance.not-renderable", ...where, data: { reason } });
      } else if (rendered.has(orthancId)) {
        const { renditionBytes, pixelBytes } = outcome.rendition;
        events.push({ event: "instance.rendered", ...where, data: { renditionBytes, pixelBytes } });
      }
    }
    await transaction.appendEvents(events);
  });
}
