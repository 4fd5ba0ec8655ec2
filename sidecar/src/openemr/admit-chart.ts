import { randomUUID } from "node:crypto";
import { patientContent } from "../emr/content/patient-content.js";
import type { EmrStore } from "../emr/emr-store.js";
import { afterWriting } from "../emr/kind-rules.js";
import type { Actor } from "../emr/records.js";
import { ApiError } from "../error-response.js";
import { chartContent } from "./chart-content.js";
import type { ChartOutcome } from "./known-charts.js";
import type { OpenEmrPatient } from "./openemr-api.js";
import type { OpenEmrLinks } from "./openemr-links.js";
import { patientDigest } from "./patient-body.js";

/** Who has written what came from there. */
export const OPENEMR: Actor = { subject: "openemr", display: "OpenEMR" };

export interface Standing {
  readonly outcome: ChartOutcome;
  readonly differing: readonly string[];
  /** It has to be looked at again. */
  readonly due?: boolean;
}

export interface AdmissionDependencies {
  readonly emr: Pick<EmrStore, "transaction">;
  readonly links: Pick<OpenEmrLinks, "linked" | "taken">;
  readonly issuer: string;
}

/**
 * Makes a patient of OpenEMR's that nobody here has a record of one of ours. What no record can hold is held back whole:
 * a record without it would be written over it.
 * @returns `taken`: somebody has made the record meanwhile
 */
export async function admitChart(
  chart: OpenEmrPatient,
  { emr, links, issuer }: AdmissionDependencies,
): Promise<Standing | "taken"> {
  // Its record was entered in error here; a person withdraws it there.
  if ((await links.taken("patient", [chart.uuid])).has(chart.uuid))
    return { outcome: "unknown-here", differing: [] };
  const identifiers = [{ issuer, value: chart.pubpid }];
  const content = patientContent.safeParse({ identifiers, ...chartContent(chart) });
  if (!content.success)
    return { outcome: "unknown-here", differing: content.error.issues.map(({ path }) => path.join(".")) };
  if (content.data.identifiers[0]?.value !== chart.pubpid)
    return { outcome: "unknown-here", differing: ["identifiers.0.value"] };
  const id = randomUUID();
  try {
    await emr.transaction(async (transaction) => {
      const row = await transaction.insert("patient", id, content.data, OPENEMR);
      await afterWriting("patient", row, transaction, () => Promise.resolve(false));
      await transaction.announce("patient", id, id, OPENEMR.subject);
    });
  } catch (error) {
    if (error instanceof ApiError && error.code === "identifier-taken") return "taken";
    throw error;
  }
  // A process killed before this is no harm: delivery finds the chart by its identifier.
  await links.linked("patient", id, { key: chart.uuid, pid: chart.pid, digest: patientDigest(chart) });
  return { outcome: "agrees", differing: [] };
}
