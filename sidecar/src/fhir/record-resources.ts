import type { EmrReads } from "../emr/emr-reads.js";
import type {
  Actor,
  ConditionRow,
  EncounterRow,
  ObservationRow,
  OrderRow,
  PatientRow,
  ReportRow,
} from "../emr/records.js";
import type { FhirResourceKey } from "../state/fhir-resource-key.js";
import { conditionOf } from "./condition.js";
import { diagnosticReportOf } from "./diagnostic-report.js";
import { encounterOf } from "./encounter.js";
import { itemIdentifier, medicationRequestOf } from "./medication-request.js";
import { observationOf } from "./observation.js";
import { patientOfRecord } from "./patient-record.js";
import { practitionerOf } from "./practitioner.js";
import { procedureOf } from "./procedure.js";
import { serviceRequestOf } from "./service-request.js";
import { SYSTEM } from "./system.js";
import type { Transaction } from "./transaction.js";

/** Subjects of people: what a program or a command line did has no Practitioner. */
const PERSON = /^(?:account|oidc):/;

/**
 * Puts the EMR's records into a transaction, each after what it points to: the patient, the encounter, the order are
 * written with it, as they are now, so that no reference leads to nothing. Each answers its reference.
 */
export class RecordResources {
  constructor(
    private readonly transaction: Transaction,
    private readonly read: EmrReads,
  ) {}

  async patient(row: PatientRow): Promise<string> {
    const { transaction, read } = this;
    const reference = transaction.referenceTo("Patient", SYSTEM.patientKey, row.patientKey);
    if (transaction.has("Patient", SYSTEM.patientKey, row.patientKey)) return reference;
    const survivor = row.mergedInto === null ? null : await read.patient(row.mergedInto);
    const merged = await read.mergedPatients(row.id);
    const referenceOf = ({ patientKey }: PatientRow) =>
      transaction.referenceTo("Patient", SYSTEM.patientKey, patientKey);
    transaction.put(
      patientOfRecord(row, {
        replacedBy: survivor === null ? undefined : referenceOf(survivor),
        replaces: merged.map(referenceOf),
      }),
      SYSTEM.patientKey,
      // By key, as the studies of the patient know it.
      { kind: "patient", subject: row.patientKey },
    );
    // Both ends of a link are written together.
    for (const other of [...(survivor === null ? [] : [survivor]), ...merged]) await this.patient(other);
    return reference;
  }

  async encounter(row: EncounterRow): Promise<string> {
    const to = await this.referencesOf({ ...row, encounterId: null }, row.createdBy);
    return this.put(encounterOf(row, to), "encounter", row.id);
  }

  async condition(row: ConditionRow): Promise<string> {
    return this.put(conditionOf(row, await this.referencesOf(row, row.createdBy)), "condition", row.id);
  }

  /** @returns the ServiceRequest, which results are based on; a prescription has none */
  async order(row: OrderRow): Promise<string | undefined> {
    const to = await this.referencesOf(row, row.createdBy);
    if (row.kind === "medication") {
      for (const [index, item] of row.items.entries()) {
        const place = index + 1;
        const { transaction } = this;
        const written = { kind: "order", subject: itemIdentifier(row.id, place) } as const;
        transaction.put(medicationRequestOf(row, item, place, to), SYSTEM.record, written);
      }
      return undefined;
    }
    const order = this.put(serviceRequestOf(row, to), "order", row.id);
    if (row.kind !== "procedure") return order;
    const author = this.author(row.updatedBy);
    const procedure = procedureOf(row, { ...to, order, author });
    if (procedure !== null) this.put(procedure, "order", row.id);
    return order;
  }

  async observation(row: ObservationRow): Promise<string> {
    const to = await this.referencesOf(row, row.createdBy);
    const order = await this.orderOf(row.orderId);
    return this.put(observationOf(row, { ...to, order }), "observation", row.id);
  }

  /** @param imagingStudies references to the studies it is of */
  async report(row: ReportRow, imagingStudies: readonly string[]): Promise<string> {
    const to = await this.referencesOf(row, row.updatedBy);
    const order = await this.orderOf(row.orderId);
    const observations: string[] = [];
    for (const id of row.observationIds) {
      const observation = await this.read.observation(id);
      if (observation !== null) observations.push(await this.observation(observation));
    }
    return this.put(
      diagnosticReportOf(row, { ...to, order, observations, imagingStudies }),
      "report",
      row.id,
    );
  }

  private async orderOf(id: string | null): Promise<string | undefined> {
    const order = id === null ? null : await this.read.order(id);
    return order === null ? undefined : this.order(order);
  }

  private async referencesOf(
    row: { readonly id: string; readonly patientId: string; readonly encounterId: string | null },
    author: Actor,
  ) {
    const patient = await this.read.patient(row.patientId);
    if (patient === null) throw new Error(`the patient of record ${row.id} is not in the database`);
    const encounter = row.encounterId === null ? null : await this.read.encounter(row.encounterId);
    return {
      patient: await this.patient(patient),
      encounter: encounter === null ? undefined : await this.encounter(encounter),
      author: this.author(author),
    };
  }

  private author(actor: Actor): string | undefined {
    if (!PERSON.test(actor.subject)) return undefined;
    return this.transaction.put(practitionerOf(actor), SYSTEM.subject, null);
  }

  private put(
    resource: Parameters<Transaction["put"]>[0],
    kind: FhirResourceKey["kind"],
    subject: string,
  ): string {
    return this.transaction.put(resource, SYSTEM.record, { kind, subject });
  }
}
