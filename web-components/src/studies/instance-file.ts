import { fetchAuthorized, problemOf } from "../session/http.js";
import type { TokenProvider } from "../session/token-provider.js";

/** The Part 10 file of an instance (WADO-RS, one part). */
export async function loadInstance(
  study: string,
  {
    seriesInstanceUid,
    sopInstanceUid,
  }: { readonly seriesInstanceUid: string; readonly sopInstanceUid: string },
  token: TokenProvider,
): Promise<Uint8Array> {
  const response = await fetchAuthorized(
    `/dicom-web/studies/${study}/series/${seriesInstanceUid}/instances/${sopInstanceUid}`,
    token,
    { headers: { Accept: 'multipart/related; type="application/dicom"' } },
  );
  if (!response.ok) throw await problemOf(response);
  return onlyPart(new Uint8Array(await response.arrayBuffer()), response.headers.get("Content-Type") ?? "");
}

/** The Part 10 file of an object that is held for review. */
export async function loadHeldObject(
  analysis: number,
  { sopInstanceUid }: { readonly sopInstanceUid: string },
  token: TokenProvider,
): Promise<Uint8Array> {
  const response = await fetchAuthorized(`/api/ai/results/${analysis}/objects/${sopInstanceUid}`, token);
  if (!response.ok) throw await problemOf(response);
  return new Uint8Array(await response.arrayBuffer());
}

/** The body of the only part of a multipart answer. */
function onlyPart(bytes: Uint8Array, contentType: string): Uint8Array {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (boundary === undefined) return bytes;
  const latin1 = new TextDecoder("latin1").decode(bytes);
  const start = latin1.indexOf("\r\n\r\n") + 4;
  const end = latin1.lastIndexOf(`\r\n--${boundary}--`);
  return bytes.subarray(start, end < 0 ? bytes.byteLength : end);
}
