import { z } from "zod";
import { labelsBody } from "../labels/study-labels.js";
import type { Operations } from "../openapi/operation.js";
import { count } from "../openapi/values.js";
import { studyDetails, studySummary } from "./study-schema.js";
import { studySearchSchema } from "./study-search.js";

const page = z.object({
  total: count.meta({ description: "Of all pages" }),
  studies: z.array(studySummary),
  next: z.string().nullable().meta({ description: "The `after` of the next page" }),
});

/** `/api/studies`, described. */
export const STUDY_OPERATIONS: Operations = {
  "GET /api/studies": {
    id: "searchStudies",
    tag: "studies",
    summary: "Studies within reach",
    needs: "view",
    query: studySearchSchema,
    answers: { 200: { description: "A page", schema: page } },
    problems: ["page-gone"],
    example: { query: { modality: "CT,MR", sort: "date", limit: "20" } },
  },
  "GET /api/studies/:studyInstanceUid": {
    id: "getStudy",
    tag: "studies",
    summary: "A study with its series, AI results and FHIR resources",
    needs: "view",
    answers: { 200: { description: "The study", schema: studyDetails } },
    problems: ["study-not-found", "study-ambiguous"],
    example: { path: { studyInstanceUid: "$STUDY" } },
  },
  "GET /api/studies/:studyInstanceUid/fhir": {
    id: "getStudyFhir",
    tag: "studies",
    summary: "The FHIR resources that the study was told as, as the FHIR server has them",
    needs: "view",
    answers: {
      200: {
        description: "FHIR R4 resources",
        schema: z.object({ resources: z.array(z.record(z.string(), z.unknown())) }),
      },
    },
    problems: ["study-not-found", "study-ambiguous"],
    example: { path: { studyInstanceUid: "$STUDY" } },
  },
  "PUT /api/studies/:studyInstanceUid/labels": {
    id: "setLabels",
    tag: "studies",
    summary: "Replaces the labels of a study, by which people reach it",
    needs: "edit-labels",
    body: { schema: labelsBody },
    answers: { 204: { description: "They are set" } },
    problems: ["study-not-found", "study-forbidden"],
    example: { path: { studyInstanceUid: "$STUDY" }, body: { labels: ["ward-1"] } },
  },
};
