import { z } from "zod";
import { demand } from "../../authorization/authenticate.js";
import { demandUnrestricted } from "../../authorization/study-access.js";
import { line } from "../../emr/content/text.js";
import { mergePatients, readMerge } from "../../emr/merge-patients.js";
import { hookTypeOf, RECORDS_LANE } from "../hook-type.js";
import { findPatient, identityOf, patientReference } from "./patient-reference.js";

const data = z.strictObject({
  merged: patientReference,
  survivor: patientReference,
  reason: line(1_000).default("merged by the source"),
});

/** What `POST /api/emr/merges` does. */
export const patientMerged = hookTypeOf({
  needs: ["resolve-identity"],
  action: "identity-change",
  summary: "Two records are of one patient",
  data,
  lane: () => RECORDS_LANE,
  async perform({ merged, survivor, reason }, work, { emr }) {
    const { principal, idempotency } = work;
    demand(principal, "resolve-identity");
    demandUnrestricted(principal);
    const [one, other] = [
      await findPatient("merged", merged, work, emr),
      await findPatient("survivor", survivor, work, emr),
    ];
    const asked = readMerge({ mergedId: one.id, survivorId: other.id, reason });
    await work.record({ target: `patient:${one.id}:merged`, patient: identityOf(one) });
    const merge = await mergePatients(principal, asked, emr, idempotency);
    const { id: mergeId, mergedId, survivorId } = merge;
    return { target: `merge:${mergeId}`, answer: { mergeId, mergedId, survivorId } };
  },
});
