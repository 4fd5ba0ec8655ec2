import { z } from "zod";
import type { Operation, Operations } from "../openapi/operation.js";

const DICOM = 'multipart/related; type="application/dicom"';
const PIXELS = ["multipart/related", "application/octet-stream", "image/jpeg", "image/jphc", "image/jp2"];
const STUDY = "/dicom-web/studies/:studyInstanceUid";
const SERIES = `${STUDY}/series/:seriesInstanceUid`;
const INSTANCE = `${SERIES}/instances/:sopInstanceUid`;

/** What PS3.18 says is not said again: the conformance statement has what is offered of it. */
function transaction(
  id: string,
  summary: string,
  section: string,
  mediaTypes: readonly string[],
  rest: Partial<Operation> = {},
): Operation {
  return {
    id,
    tag: "dicomweb",
    summary,
    description: `DICOM PS3.18, section ${section}. Problems are those of the API, and of docs/errors.md.`,
    needs: "view",
    answers: { 200: { description: "As PS3.18 has it", mediaTypes } },
    problems: ["not-acceptable", "no-such-resource", "study-ambiguous"],
    ...rest,
  };
}

const search = (id: string, level: string, rest: Partial<Operation> = {}) =>
  transaction(id, `Searches for ${level} (QIDO-RS)`, "10.6", ["application/dicom+json"], {
    problems: ["request-malformed", "not-acceptable", "search-too-broad", "no-such-resource"],
    ...rest,
  });
const retrieve = (id: string, level: string, needs: Operation["needs"]) =>
  transaction(id, `Retrieves a ${level} (WADO-RS)`, "10.4", [DICOM, "application/dicom"], {
    needs,
    problems: ["not-acceptable", "no-such-resource", "study-ambiguous", "rendition-gone"],
  });
const metadata = (id: string, level: string) =>
  transaction(id, `Metadata of a ${level} (WADO-RS)`, "10.4", ["application/dicom+json"]);
const picture = (id: string, what: string) =>
  transaction(id, `Picture of a ${what} (WADO-RS rendered)`, "10.4", ["image/jpeg", "image/png"], {
    problems: ["request-malformed", "not-acceptable", "no-such-resource", "no-such-frame", "study-ambiguous"],
  });
const store = (id: string, summary: string): Operation =>
  transaction(id, summary, "10.5", ["application/dicom+json"], {
    needs: "upload",
    body: { mediaTypes: [DICOM] },
    answers: {
      200: { description: "All were stored", mediaTypes: ["application/dicom+json"] },
      202: { description: "Some were stored: the answer says which", mediaTypes: ["application/dicom+json"] },
      409: { description: "None was stored: the answer says why", mediaTypes: ["application/dicom+json"] },
    },
    problems: ["media-type-unsupported", "not-acceptable", "upload-too-slow", "too-many-uploads"],
  });
const frames = { frames: z.string().meta({ description: "Frame numbers from 1, by commas" }) };

/** `/dicom-web`, named. */
export const DICOMWEB_OPERATIONS: Operations = {
  "GET /dicom-web/studies": search("qidoStudies", "studies", {
    example: { query: { ModalitiesInStudy: "CT", limit: "10" } },
  }),
  "GET /dicom-web/series": search("qidoSeries", "series"),
  "GET /dicom-web/instances": search("qidoInstances", "instances"),
  [`GET ${STUDY}/series`]: search("qidoSeriesOfStudy", "series of a study"),
  [`GET ${STUDY}/instances`]: search("qidoInstancesOfStudy", "instances of a study"),
  [`GET ${SERIES}/instances`]: search("qidoInstancesOfSeries", "instances of a series"),
  [`GET ${STUDY}`]: retrieve("retrieveStudy", "study", "download"),
  [`GET ${SERIES}`]: retrieve("retrieveSeries", "series", "download"),
  [`GET ${INSTANCE}`]: retrieve("retrieveInstance", "instance", "view"),
  [`GET ${STUDY}/metadata`]: metadata("studyMetadata", "study"),
  [`GET ${SERIES}/metadata`]: metadata("seriesMetadata", "series"),
  [`GET ${INSTANCE}/metadata`]: metadata("instanceMetadata", "instance"),
  [`GET ${STUDY}/rendered`]: picture("renderStudy", "study"),
  [`GET ${SERIES}/rendered`]: picture("renderSeries", "series"),
  [`GET ${INSTANCE}/rendered`]: picture("renderInstance", "instance"),
  [`GET ${INSTANCE}/frames/:frames/rendered`]: { ...picture("renderFrame", "frame"), path: frames },
  [`GET ${STUDY}/thumbnail`]: picture("thumbnailOfStudy", "study, small"),
  [`GET ${SERIES}/thumbnail`]: picture("thumbnailOfSeries", "series, small"),
  [`GET ${INSTANCE}/thumbnail`]: picture("thumbnailOfInstance", "instance, small"),
  [`GET ${INSTANCE}/frames/:frames/thumbnail`]: {
    ...picture("thumbnailOfFrame", "frame, small"),
    path: frames,
  },
  [`GET ${INSTANCE}/frames/:frames`]: {
    ...transaction("retrieveFrames", "Retrieves frames (WADO-RS)", "10.4", PIXELS),
    path: frames,
    problems: ["not-acceptable", "no-such-resource", "no-such-frame", "study-ambiguous", "rendition-gone"],
  },
  "POST /dicom-web/studies": store("storeInstances", "Stores instances (STOW-RS)"),
  [`POST ${STUDY}`]: store("storeInstancesOfStudy", "Stores instances of one study (STOW-RS)"),
};
