import { createHash } from "node:crypto";

/** What an analysis is of: the SOP Instance UIDs of a series and the files they were stored as. */
export function inputDigest(
  instances: readonly { readonly sopInstanceUid: string; readonly fileUuid: string }[],
): string {
  const lines = instances.map(({ sopInstanceUid, fileUuid }) => `${sopInstanceUid} ${fileUuid}`).sort();
  return createHash("sha256").update(lines.join("\n")).digest("hex");
}
