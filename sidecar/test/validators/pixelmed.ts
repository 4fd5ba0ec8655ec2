import { runTool, verdictOf, type Verdict } from "./tool.js";

/** Checks an SR's content against its templates with PixelMed's DicomSRValidator (libpixelmed-java). */
export function pixelmedSrValidator(path: string): Verdict {
  const { output } = runTool("java", [
    // The stylesheets are larger than the JDK's default limits for XPath.
    "-Djdk.xml.xpathTotalOpLimit=0",
    "-Djdk.xml.xpathExprOpLimit=0",
    "-Djdk.xml.xpathExprGrpLimit=0",
    "-cp",
    "/usr/share/java/*",
    "com.pixelmed.validate.DicomSRValidator",
    path,
  ]);
  if (!/IOD validation complete/i.test(output)) throw new Error(`PixelMed did not finish: ${output}`);
  return verdictOf(output);
}
