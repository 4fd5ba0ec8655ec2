import type { Request } from "express";
import { ApiError } from "../error-response.js";
import { correctionComment } from "./decision-body.js";

export interface CorrectionBody {
  readonly file: Buffer;
  /** What the reviewer says with it; null without. */
  readonly comment: string | null;
}

/**
 * The body of a corrected segmentation: the file alone (`application/dicom`), or a form (RFC 7578) of `segmentation`, the
 * file, and `comment`. A comment may name somebody, so it is never in the address.
 * @param request whose body express.raw has read
 * @throws ApiError 400 `request-malformed`, 415 `media-type-unsupported`
 */
export async function readCorrectionBody(request: Request): Promise<CorrectionBody> {
  const body: unknown = request.body;
  if (!Buffer.isBuffer(body))
    throw new ApiError(
      415,
      "media-type-unsupported",
      "A corrected segmentation is application/dicom, or multipart/form-data.",
    );
  if (request.is("multipart/form-data") === false) return { file: body, comment: null };
  const form = await formOf(body, request.get("content-type") ?? "");
  const [file, comment] = [form.get("segmentation"), form.get("comment")];
  if (file === null || typeof file === "string" || form.getAll("segmentation").length > 1)
    throw malformed("a form has one file `segmentation`");
  const said = correctionComment.safeParse(comment ?? undefined);
  if (!said.success) throw malformed("`comment` is text of 1 to 2000 characters");
  return { file: Buffer.from(await file.arrayBuffer()), comment: said.data ?? null };
}

async function formOf(body: Buffer, type: string): Promise<FormData> {
  try {
    // Deprecated for bodies that stream in without a limit; this one is in memory, and its size was limited.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    return await new Response(new Uint8Array(body), { headers: { "Content-Type": type } }).formData();
  } catch {
    throw malformed("the form cannot be read");
  }
}

function malformed(what: string): ApiError {
  return new ApiError(400, "request-malformed", `The request cannot be read: ${what}.`);
}
