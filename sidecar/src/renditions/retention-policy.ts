import { z } from "zod";

/** Which renditions are kept. Originals are none of its business. */
export interface RetentionPolicy {
  /** Days since arrival, or since a backfill asked for it, by modality; null keeps. */
  readonly daysByModality: ReadonlyMap<string, number | null>;
  /** For every other modality. */
  readonly days: number | null;
  /** All renditions together; those that arrived first go first. */
  readonly bytes: number | null;
}

const MODALITY = /^[A-Z0-9_]{1,16}$/;
const LONGEST_DAYS = 36_500;

/**
 * `CT=90,MG=keep,*=365`: days by modality (0008,0060), `*` for every other, a number alone for all.
 * Nothing is dropped of what is not named.
 */
export const retentionDaysSchema = z
  .string()
  .default("")
  .transform((text, context) => {
    const daysByModality: Record<string, number | null> = {};
    for (const rule of text.split(",").map((part) => part.trim())) {
      if (rule === "") continue;
      const [, modality = "*", limit = ""] = /^(?:([^=]*)=)?(.*)$/.exec(rule) ?? [];
      const days = limit === "keep" ? null : Number(limit);
      const wrong =
        modality !== "*" && !MODALITY.test(modality)
          ? `${modality} is not a modality`
          : Object.hasOwn(daysByModality, modality)
            ? `${modality} is there twice`
            : days !== null && (limit === "" || !Number.isInteger(days) || days < 1 || days > LONGEST_DAYS)
              ? `${rule} needs a number of days from 1 to ${LONGEST_DAYS}, or keep`
              : undefined;
      if (wrong !== undefined) {
        context.addIssue({ code: "custom", message: wrong });
        return z.NEVER;
      }
      daysByModality[modality] = days;
    }
    return daysByModality;
  });

/** @param gigabytes 0 for no limit */
export function retentionPolicy(
  daysByModality: Readonly<Record<string, number | null>>,
  gigabytes: number,
): RetentionPolicy {
  const { "*": days = null, ...named } = daysByModality;
  return {
    daysByModality: new Map(Object.entries(named)),
    days,
    bytes: gigabytes === 0 ? null : gigabytes * 1e9,
  };
}

export function keepsEverything({ daysByModality, days, bytes }: RetentionPolicy): boolean {
  return bytes === null && days === null && [...daysByModality.values()].every((limit) => limit === null);
}
