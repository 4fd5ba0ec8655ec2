import { demand } from "../../authorization/authenticate.js";
import { createRecord, readNewRecord } from "../../emr/create-record.js";
import { demandCreation } from "../../emr/record-access.js";
import { hookTypeOf, RECORDS_LANE, type HookType } from "../hook-type.js";
import { findPatient, identityOf } from "./patient-reference.js";
import { recordOfPatient } from "./record-content.js";

/** What `POST /api/emr/orders` and `POST /api/emr/reports` do. */
function creating(kind: "order" | "report", described: Pick<HookType, "needs" | "summary">): HookType {
  return hookTypeOf({
    ...described,
    action: "emr-create",
    data: recordOfPatient(kind),
    lane: () => RECORDS_LANE,
    async perform({ patient: reference, content }, work, { emr }) {
      const { principal, idempotency } = work;
      demand(principal, "emr-view");
      demandCreation(principal, kind, content);
      const patient = await findPatient("patient", reference, work, emr);
      const record = readNewRecord(principal, kind, { ...content, patientId: patient.id });
      await work.record({ target: `${kind}:new`, patient: identityOf(patient) });
      const { answer } = await createRecord(principal, kind, record, idempotency, emr);
      const { id, version } = answer;
      const accession = kind === "order" && "accessionNumber" in answer ? answer.accessionNumber : undefined;
      return {
        target: `${kind}:${id}`,
        answer: {
          [`${kind}Id`]: id,
          version,
          ...(accession === undefined ? {} : { accessionNumber: accession }),
        },
      };
    },
  });
}

export const createOrder = creating("order", {
  needs: ["emr-view", "order"],
  summary: "An order was made",
});
export const receiveReport = creating("report", {
  needs: ["emr-view", "record-results"],
  summary: "A report was written",
});
