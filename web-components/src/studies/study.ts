import type { Schemas } from "../api/schemas.js";

/** A study as `/api/studies` lists it. */
export type Study = Omit<Schemas["StudySummary"], "orthancId">;
export type Series = Schemas["SeriesSummary"];
/** In slices. */
export type AnalysisProgress = Schemas["Progress"];
/** A model that the reader may have look at series of the study. */
export type RunnableModel = NonNullable<StudyDetails["runnableModels"]>[number];
export type AnalysisResult = Schemas["StudyResult"];
/** How far another system is with something. */
export type Synchronisation = Schemas["Synchronisation"];
export type StudyDetails = Schemas["StudyDetails"];
