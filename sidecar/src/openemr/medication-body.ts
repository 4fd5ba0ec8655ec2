import type { MedicationItem, MedicationOrder, OrderRow } from "../emr/records.js";
import type { MedicationBody } from "./openemr-api.js";

const RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm";
const DAY_MILLISECONDS = 86_400_000;
const DAYS = { d: 1, wk: 7 } as const;

/** One drug of a prescription as OpenEMR's medication list takes it: a line for people, from when until when. */
export function medicationBody(order: OrderRow & MedicationOrder, item: MedicationItem): MedicationBody {
  const ended =
    order.status === "completed" || order.status === "revoked" ? order.updatedAt : endOf(order, item);
  const rxnorm = item.drug.find(({ system }) => system === RXNORM);
  return {
    title: title(item),
    begdate: sqlTime(order.createdAt),
    enddate: ended === null ? null : sqlTime(ended),
    // OpenEMR's own way to write a code: its type, a colon, the code.
    diagnosis: rxnorm === undefined ? "" : `RXCUI:${rxnorm.code}`,
  };
}

function title({ drug, dose, route, frequency, asNeeded }: MedicationItem): string {
  const { times, period, periodUnit } = frequency;
  const often = `${times} per ${period === 1 ? "" : `${period} `}${periodUnit}`;
  return [
    drug[0]?.display ?? "",
    `${dose.value} ${dose.unit}`,
    route.display,
    asNeeded ? `${often} as needed` : often,
  ].join(", ");
}

function endOf({ createdAt }: OrderRow, { duration }: MedicationItem): Date | null {
  if (duration === null) return null;
  if (duration.unit === "mo") {
    const end = new Date(createdAt);
    end.setUTCMonth(end.getUTCMonth() + duration.value);
    return end;
  }
  return new Date(createdAt.getTime() + duration.value * DAYS[duration.unit] * DAY_MILLISECONDS);
}

function sqlTime(instant: Date): string {
  return instant.toISOString().slice(0, 19).replace("T", " ");
}
