import { z } from "zod";
import { isReadableUid } from "../dicom/uid.js";
import { KEY_IMAGE_TITLE_CODES } from "./titles.js";

const MOST_IMAGES = 100;

/** Body of `POST /api/studies/{studyInstanceUid}/key-images`. */
export const selectionBody = z.strictObject({
  /** Code Value of CID 7010. */
  title: z.enum(KEY_IMAGE_TITLE_CODES),
  description: z.string().trim().min(1).max(1_000).optional(),
  images: z
    .array(
      z.strictObject({
        sopInstanceUid: z.string().refine(isReadableUid, { error: "must be a DICOM UID" }),
        /** From 1; of an image with several frames. All of them when not given. */
        frameNumber: z.int().min(1).optional(),
      }),
    )
    .min(1)
    .max(MOST_IMAGES),
});

export type SelectionBody = z.output<typeof selectionBody>;
