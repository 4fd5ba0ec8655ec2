import type { OrthancId } from "../dicom/uid.js";
import type { Archive } from "./archive.js";

/** The instance in the archive; undefined when the series does not have it. */
export async function findInSeries(
  seriesInstanceUid: string,
  sopInstanceUid: string,
  archive: Pick<Archive, "instancesOfSeries" | "indexedInstances">,
): Promise<OrthancId | undefined> {
  const indexed = await archive.indexedInstances(await archive.instancesOfSeries(seriesInstanceUid));
  return indexed.find((instance) => instance.sopInstanceUid === sopInstanceUid)?.orthancId;
}
