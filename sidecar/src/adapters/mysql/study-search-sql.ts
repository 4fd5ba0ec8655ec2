import type { StudySearch } from "../../studies/study-search.js";
import type { SqlCondition } from "./study-filter-sql.js";

const COLUMNS: Readonly<Record<StudySearch["sort"], readonly string[]>> = {
  date: ["study_date", "study_time"],
  patient: ["patient_name", "patient_id"],
  description: ["study_description"],
  arrival: [],
};

/** The studies a search is for, as a condition on the table `study`. */
export function studySearchSql({ query, patient, modality, from, to }: StudySearch): SqlCondition {
  const conditions: string[] = [];
  if (query !== "")
    conditions.push(
      "(study.patient_name LIKE :pattern OR study.patient_id LIKE :pattern OR study.study_description LIKE :pattern OR study.accession_number LIKE :pattern)",
    );
  if (patient !== undefined) conditions.push("study.patient_id = :patient");
  if (modality !== undefined)
    conditions.push(
      "EXISTS (SELECT 1 FROM series AS of_modality WHERE of_modality.study_id = study.orthanc_id AND of_modality.modality IN (:modality))",
    );
  if (from !== undefined || to !== undefined) conditions.push("study.study_date <> ''");
  if (from !== undefined) conditions.push("study.study_date >= :from");
  if (to !== undefined) conditions.push("study.study_date <= :to");
  const pattern = `%${query.replace(/[\\%_]/g, (character) => `\\${character}`)}%`;
  return {
    sql: conditions.length === 0 ? "TRUE" : `(${conditions.join(" AND ")})`,
    values: { pattern, patient, modality, from, to },
  };
}

/**
 * The order of a search, and the condition of what is behind the study `:after` in it. Ties end with arrival and id, so
 * every study has one place; its values are read where they are, so that no name is in an address.
 */
export function studyOrderSql({ sort, order, after }: StudySearch): {
  readonly order: string;
  readonly behind: string;
} {
  const columns = [...COLUMNS[sort], "created_at", "orthanc_id"];
  const own = columns.map((column) => `study.${column}`);
  const direction = order === "asc" ? "ASC" : "DESC";
  const behind = `(${own.join(", ")}) ${order === "asc" ? ">" : "<"} (SELECT ${columns
    .map((column) => `place.${column}`)
    .join(", ")} FROM study AS place WHERE place.orthanc_id = :after)`;
  return {
    order: own.map((column) => `${column} ${direction}`).join(", "),
    behind: after === undefined ? "TRUE" : behind,
  };
}
