import type { Archive } from "../archive/archive.js";
import type { OrthancId } from "../dicom/uid.js";
import type { Logger } from "../log.js";
import { reasonOf } from "../pipeline/faults.js";
import type { State } from "../state/state.js";
import type { ArrivalError } from "./records.js";

/**
 * An instance whose identity cannot be trusted stays in the archive, and nothing is derived from it. It is listed
 * among the failures with the reason, and left alone until its file changes or a person asks for another look.
 */
export async function refuseInstance(
  orthancId: OrthancId,
  error: ArrivalError,
  { archive, state, log }: { readonly archive: Archive; readonly state: State; readonly log: Logger },
): Promise<void> {
  const fileUuid = await archive.fileUuid(orthancId);
  if (fileUuid === null) return;
  const news = await state.transaction((transaction) =>
    transaction.refuseInstance(orthancId, fileUuid, reasonOf(error)),
  );
  if (news) log.error({ err: error, instance: orthancId }, "instance is left alone");
}
