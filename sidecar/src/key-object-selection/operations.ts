import { z } from "zod";
import type { Operations } from "../openapi/operation.js";
import { codedConcept, count, number, uid } from "../openapi/values.js";
import { selectionBody } from "./selection-body.js";

const keyImages = z
  .object({
    sopInstanceUid: uid,
    title: codedConcept,
    description: z.string(),
    observer: z.string().meta({ description: "PN (PS3.5 6.2)" }),
    date: z.string().meta({ description: "YYYYMMDD, as it is written" }),
    time: z.string().meta({ description: "HHMMSS, as it is written" }),
    mine: z.boolean(),
    images: z.array(
      z.object({
        seriesInstanceUid: uid,
        sopInstanceUid: uid,
        frameNumbers: z.array(number).meta({ description: "From 1; all when empty" }),
      }),
    ),
    elsewhere: count.meta({ description: "How many images it names that the study does not have" }),
  })
  .meta({ id: "KeyImages" });

export const KEY_IMAGE_OPERATIONS: Operations = {
  "GET /api/studies/:studyInstanceUid/key-images": {
    id: "listKeyImages",
    tag: "studies",
    summary: "Key images of a study, by whomever, the newest first",
    needs: "view",
    path: { studyInstanceUid: uid },
    answers: {
      200: {
        description: "Key Object Selection Documents (PS3.3 A.35.4)",
        schema: z.object({ selections: z.array(keyImages), complete: z.boolean(), mayAdd: z.boolean() }),
      },
    },
    problems: ["study-not-found", "study-forbidden", "study-ambiguous"],
    example: { path: { studyInstanceUid: "$STUDY" } },
  },
  "POST /api/studies/:studyInstanceUid/key-images": {
    id: "selectKeyImages",
    tag: "studies",
    summary: "Stores a selection of key images",
    needs: "annotate",
    path: { studyInstanceUid: uid },
    headers: { "Idempotency-Key": "has the selection made once" },
    body: { schema: selectionBody },
    answers: {
      201: {
        description: "The selection",
        schema: keyImages,
        headers: { "Idempotency-Replayed": "`true` when it had been made before" },
      },
    },
    problems: [
      "study-not-found",
      "study-forbidden",
      "study-ambiguous",
      "selector-not-a-person",
      "image-not-selectable",
      "idempotency-key-reused",
    ],
  },
  "DELETE /api/studies/:studyInstanceUid/key-images/:sopInstanceUid": {
    id: "withdrawKeyImages",
    tag: "studies",
    summary: "Withdraws one's own selection",
    needs: "annotate",
    path: { studyInstanceUid: uid, sopInstanceUid: uid },
    answers: { 204: { description: "It is gone from the archive" } },
    problems: ["study-not-found", "study-forbidden", "study-ambiguous", "no-such-key-images"],
  },
};
