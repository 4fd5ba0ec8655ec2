import type { MedicationOrder, OrderRow } from "../emr/records.js";
import type { Destination, Subject } from "../outbox/destination.js";
import { writeChart } from "./charts.js";
import { createOnce } from "./create-once.js";
import { encounterBody } from "./encounter-body.js";
import { medicationBody } from "./medication-body.js";
import type { PatientKeys } from "./openemr-api.js";
import { OpenEmrError } from "./openemr-error.js";
import type { OpenEmrDestinationDependencies } from "./destination-dependencies.js";
import { writeReportDocument } from "./write-report-document.js";

/** Brings patients, encounters, prescriptions and AI reports to OpenEMR as they are now. */
export class OpenEmrDestination implements Destination {
  readonly name = "openemr";

  constructor(private readonly dependencies: OpenEmrDestinationDependencies) {}

  /** Nothing of OpenEMR's API is a transaction. */
  grouped(): boolean {
    return false;
  }

  async write(subjects: readonly Subject[], signal: AbortSignal) {
    const studyInstanceUids: (string | null)[] = [];
    for (const subject of subjects) {
      signal.throwIfAborted();
      studyInstanceUids.push(await this.writeOne(subject));
    }
    return { resources: [], studyInstanceUids };
  }

  async studyInstanceUid({ kind, subject }: Subject): Promise<string | null> {
    return kind === "analysis" ? this.dependencies.documents.studyInstanceUid(Number(subject)) : null;
  }

  async ping(): Promise<void> {
    await this.dependencies.api.patientPage({ offset: 0, limit: 1 });
  }

  private async writeOne({ kind, subject }: Subject): Promise<string | null> {
    if (kind === "patient") await this.chartOf(subject);
    else if (kind === "encounter") await this.writeEncounter(subject);
    else if (kind === "order") await this.writeOrder(subject);
    else if (kind === "analysis") return writeReportDocument(Number(subject), this.dependencies);
    else if (kind === "study") return this.writeReportsOfStudy(subject);
    // Conditions, observations and reports of others have no endpoint that is used here (docs/data-ownership.md).
    return null;
  }

  /** A study has come to another patient, or to one at last: its reports go where they belong now. */
  private async writeReportsOfStudy(studyId: string): Promise<string | null> {
    const { documents } = this.dependencies;
    let studyInstanceUid: string | null = null;
    for (const analysis of await documents.analysesOfStudy(studyId))
      studyInstanceUid = (await writeReportDocument(analysis, this.dependencies)) ?? studyInstanceUid;
    return studyInstanceUid;
  }

  private async chartOf(patientId: string): Promise<PatientKeys | null> {
    const patient = await this.dependencies.emr.patient(patientId);
    return patient === null ? null : writeChart(patient, this.dependencies);
  }

  private async writeEncounter(id: string): Promise<void> {
    const { emr, api, links, encounterCategory } = this.dependencies;
    const encounter = await emr.encounter(id);
    if (encounter === null) return;
    const body = encounterBody(encounter, encounterCategory);
    const link = await links.find("encounter", id);
    const key = link?.state === "linked" ? link.key : null;
    if (body === null) {
      if (key === null) return;
      throw withdrawal("encounter");
    }
    const chart = await this.chartOf(encounter.patientId);
    if (chart === null) return;
    if (key !== null) return api.updateEncounter(chart.uuid, key, body);
    await createOnce(
      {
        kind: "encounter",
        subject: id,
        find: async () => {
          const found = (await api.encounters(chart.uuid)).find(({ externalId }) => externalId === id);
          return found === undefined ? "none" : { key: found.uuid };
        },
        create: async () => ({ key: (await api.createEncounter(chart.uuid, body)).uuid }),
      },
      links,
    );
  }

  private async writeOrder(id: string): Promise<void> {
    const { emr } = this.dependencies;
    const order = await emr.order(id);
    if (order?.kind !== "medication" || order.status === "draft") return;
    const isWithdrawn = order.status === "entered-in-error";
    const chart = isWithdrawn ? null : await this.chartOf(order.patientId);
    for (const [index] of order.items.entries()) await this.writeMedication(order, index, chart);
  }

  private async writeMedication(
    order: OrderRow & MedicationOrder,
    index: number,
    chart: PatientKeys | null,
  ): Promise<void> {
    const { api, links } = this.dependencies;
    const subject = `${order.id}.${index}`;
    const item = order.items[index];
    const link = await links.find("medication", subject);
    const key = link?.state === "linked" ? link.key : null;
    if (chart === null || item === undefined) {
      if (key === null) return;
      throw withdrawal("medication");
    }
    const body = medicationBody(order, item);
    if (key !== null) return api.updateMedication(chart.pid, key, body);
    await createOnce(
      {
        kind: "medication",
        subject,
        find: async () => {
          const alike = (await api.medications(chart.pid)).filter(
            ({ title, begdate }) => title === body.title && begdate === body.begdate,
          );
          const taken = await links.taken(
            "medication",
            alike.map(({ id }) => id),
          );
          const own = alike.find(({ id }) => !taken.has(id));
          return own === undefined ? "none" : { key: own.id };
        },
        create: async () => ({ key: (await api.createMedication(chart.pid, body)).id }),
      },
      links,
    );
  }
}

function withdrawal(what: string): OpenEmrError {
  return new OpenEmrError(
    "openemr-refused",
    `OpenEMR's API withdraws no ${what}: do it in OpenEMR, then drop the message`,
  );
}
