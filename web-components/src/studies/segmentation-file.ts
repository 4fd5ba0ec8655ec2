import { loadHeldObject, loadInstance } from "./instance-file.js";
import type { TokenProvider } from "../session/token-provider.js";
import type { AnalysisResult } from "./study.js";

/** The Part 10 file of a result's object, from the archive, or from where it is held for review. */
export function loadSegmentationFile(
  study: string,
  { id, held }: Pick<AnalysisResult, "id" | "held">,
  object: { readonly seriesInstanceUid: string; readonly sopInstanceUid: string },
  token: TokenProvider,
): Promise<Uint8Array> {
  return held === true ? loadHeldObject(id, object, token) : loadInstance(study, object, token);
}
