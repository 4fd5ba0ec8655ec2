import type { DueStudy, IdentityStore } from "./identity-store.js";
import { factsOf, matchStudy, ordersOf, type StudyMatch } from "./match-study.js";

/**
 * Looks at the next study that is due: a new one, or one whose patient, order or own attributes changed. What a person
 * decided stays, as long as it was decided on the same facts.
 */
export async function evaluateNextStudy(
  identity: IdentityStore,
  defaultIssuer: string,
): Promise<"more" | "idle"> {
  return identity.transaction(async (transaction) => {
    const due = await transaction.claimDueStudy(defaultIssuer);
    if (due === null) return "idle";
    await transaction.keepMatch(due, matchOf(due));
    return "more";
  });
}

function matchOf({ study, decision }: DueStudy): StudyMatch {
  if (study === null)
    return { state: "unmatched", patientId: null, orderIds: [], reasons: [], candidates: [], facts: "" };
  const facts = factsOf(study);
  if (decision?.facts !== facts) return { ...matchStudy(study), facts };
  const { state, patientId } = decision;
  const orderIds = patientId === null ? [] : ordersOf(study, patientId);
  return { state, patientId, orderIds, reasons: [], candidates: [], facts };
}
