import { ApiError } from "../error-response.js";

const PARAMETER = /;\s*([^\s=;]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))/g;
/** RFC 2046 5.1.1. */
const BOUNDARY = /^[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]$/;

/**
 * The boundary of a Store Instances request (PS3.18 10.5.1): `multipart/related; type="application/dicom"`.
 * @throws ApiError 415 for any other content, 400 without a boundary
 */
export function boundaryOf(contentType: string | undefined): string {
  const header = contentType ?? "";
  const [type = ""] = header.split(";");
  const parameters = new Map<string, string>();
  for (const [, name = "", quoted, plain = ""] of header.matchAll(PARAMETER)) {
    if (parameters.has(name.toLowerCase())) throw malformed(`the parameter ${name} is there twice`);
    parameters.set(name.toLowerCase(), quoted?.replaceAll(/\\(.)/g, "$1") ?? plain);
  }
  const root = parameters.get("type")?.toLowerCase() ?? "application/dicom";
  if (type.trim().toLowerCase() !== "multipart/related" || root !== "application/dicom")
    throw new ApiError(
      415,
      "media-type-unsupported",
      'Instances are stored as multipart/related; type="application/dicom".',
    );
  const boundary = parameters.get("boundary") ?? "";
  if (!BOUNDARY.test(boundary)) throw malformed("it has no usable boundary");
  return boundary;
}

/** Whether a part is a Part 10 file by its own header; one without a header is by that of the whole (RFC 2387). */
export function isDicomPart(headers: string): boolean {
  const type = /^content-type[ \t]*:[ \t]*([^\s;]*)/im.exec(headers)?.[1];
  const encoding = /^content-transfer-encoding[ \t]*:[ \t]*([^\s;]*)/im.exec(headers)?.[1];
  return (
    (type === undefined || type.toLowerCase() === "application/dicom") &&
    (encoding === undefined || /^(?:binary|8bit|7bit)$/i.test(encoding))
  );
}

function malformed(why: string): ApiError {
  return new ApiError(400, "request-malformed", `The Content-Type cannot be used: ${why}.`);
}
