import type { Archive } from "../archive/archive.js";
import type { SeriesDetails } from "../state/state.js";
import type { SourceInstance } from "../inference/volume.js";

const READ_AT_ONCE = 8;

/** The images of a series with their attributes, as volumes are assembled from. */
export async function sourceInstances(
  { instances }: Pick<SeriesDetails, "instances">,
  archive: Pick<Archive, "dataSet">,
): Promise<SourceInstance[]> {
  const sources: SourceInstance[] = [];
  for (let start = 0; start < instances.length; start += READ_AT_ONCE)
    sources.push(
      ...(await Promise.all(
        instances.slice(start, start + READ_AT_ONCE).map(async ({ orthancId, sopInstanceUid }) => ({
          orthancId,
          sopInstanceUid,
          dataSet: await archive.dataSet(orthancId),
        })),
      )),
    );
  return sources;
}
