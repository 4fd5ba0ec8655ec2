import type { RetentionPolicy } from "../../renditions/retention-policy.js";

/** Retention counts from arrival, or from when a backfill asked for the rendition again. */
const KEPT_SINCE = "COALESCE(instance.recalled_at, instance.arrived_at)";
const RENDERED =
  "instance JOIN series ON series.orthanc_id = instance.series_id WHERE instance.rendition = 'rendered'";

/** Whether the policy drops an instance for its age; a modality that is kept compares with NULL. */
export function ofAge({ daysByModality }: RetentionPolicy): string {
  const cases = [...daysByModality].map((_, index) => `WHEN :modality${index} THEN :days${index}`);
  const days = cases.length === 0 ? ":days" : `CASE series.modality ${cases.join(" ")} ELSE :days END`;
  // Not kept since later than it arrived: the first line spares looking at what is young.
  return `(instance.arrived_at < TIMESTAMPADD(DAY, 0 - :shortest, UTC_TIMESTAMP(3))
    AND COALESCE(${KEPT_SINCE} < TIMESTAMPADD(DAY, 0 - ${days}, UTC_TIMESTAMP(3)), FALSE))`;
}

export function policyValues({ daysByModality, days, bytes }: RetentionPolicy): Record<string, unknown> {
  const named = [...daysByModality].flatMap(([modality, limit], index) => [
    [`modality${index}`, modality],
    [`days${index}`, limit],
  ]);
  const limits = [...daysByModality.values(), days].filter((limit) => limit !== null);
  const shortest = limits.length === 0 ? null : Math.min(...limits);
  return { ...(Object.fromEntries(named) as Record<string, unknown>), days, shortest, bytes };
}

/** The next that are of age, with their weight. */
export function nextOfAge(policy: RetentionPolicy): string {
  return `SELECT instance.orthanc_id AS orthancId, instance.rendition_bytes AS bytes, ${KEPT_SINCE} AS at
    FROM ${RENDERED} AND ${ofAge(policy)} ORDER BY instance.arrived_at LIMIT :limit`;
}

/** The next to go when all together weigh too much: those that arrived first. */
export const NEXT_BY_SIZE = `SELECT orthanc_id AS orthancId, rendition_bytes AS bytes, ${KEPT_SINCE} AS at
  FROM instance WHERE rendition = 'rendered' ORDER BY ${KEPT_SINCE}, orthanc_id LIMIT :limit`;

/** What both limits would drop, in one look: `weight` is what those that stay and came no earlier weigh together. */
export function droppable(policy: RetentionPolicy): string {
  const aged = ofAge(policy);
  const oversize = "(NOT of_age AND :bytes IS NOT NULL AND weight > :bytes)";
  const sums = (condition: string, name: string) =>
    `COALESCE(SUM(${condition}), 0) AS ${name}Count, COALESCE(SUM(IF(${condition}, bytes, 0)), 0) AS ${name}Bytes,
     MIN(IF(${condition}, kept_since, NULL)) AS ${name}Oldest`;
  return `SELECT ${sums("of_age", "age")}, ${sums(oversize, "size")} FROM (
    SELECT ${KEPT_SINCE} AS kept_since, instance.rendition_bytes AS bytes, COALESCE(${aged}, FALSE) AS of_age,
      SUM(IF(${aged}, 0, instance.rendition_bytes)) OVER (ORDER BY ${KEPT_SINCE} DESC, instance.orthanc_id DESC) AS weight
    FROM ${RENDERED}) AS weighed`;
}
