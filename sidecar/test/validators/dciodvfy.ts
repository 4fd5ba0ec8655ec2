import { verdictOf, runTool, type Verdict } from "./tool.js";

/**
 * Checks a file against its IOD with dciodvfy (dicom3tools).
 * @throws Error when the program does not recognise the IOD at all
 */
export function dciodvfy(path: string): Verdict {
  const { output } = runTool("dciodvfy", [path]);
  if (!/^\s*(Segmentation|Comprehensive3DSR|[A-Z][A-Za-z0-9]+)\s*$/m.test(output))
    throw new Error(`dciodvfy recognised no IOD: ${output}`);
  return verdictOf(output);
}

/** Checks that files of one study agree about patient, study and series, with dcentvfy. */
export function dcentvfy(paths: readonly string[]): Verdict {
  return verdictOf(runTool("dcentvfy", paths).output);
}
