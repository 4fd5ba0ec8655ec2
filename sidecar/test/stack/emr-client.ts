import { expect } from "vitest";
import { People } from "./people.js";
import type { RunningStack } from "./running-stack.js";

export interface EmrAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>> & { readonly id: string; readonly version: number };
  readonly headers: Headers;
}

export const LOINC = "http://loinc.org";
export const coded = (code: string, display = "", system = LOINC) => [{ system, code, display }];
let made = 0;

/** A person's way to `/api/emr`, through nginx. */
export class EmrClient {
  constructor(
    private readonly stack: RunningStack,
    private readonly token: string,
  ) {}

  async ask(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<EmrAnswer> {
    const response = await fetch(`${this.stack.local.address}/api/emr${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${this.token}`,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return {
      status: response.status,
      body: (await response.json()) as EmrAnswer["body"],
      headers: response.headers,
    };
  }

  get(path: string): Promise<EmrAnswer> {
    return this.ask("GET", path);
  }

  async create(
    kind: string,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<EmrAnswer["body"]> {
    const answer = await this.ask("POST", `/${kind}`, body, headers);
    expect(answer.status, JSON.stringify(answer.body)).toBe(201);
    return answer.body;
  }

  patch(path: string, version: number, body: unknown): Promise<EmrAnswer> {
    return this.ask("PATCH", path, body, {
      "If-Match": `"${version}"`,
      "Content-Type": "application/merge-patch+json",
    });
  }

  /** A patient of the issuer HOSPITAL; each call makes another one. */
  patient(rest: Record<string, unknown> = {}): Promise<EmrAnswer["body"]> {
    made += 1;
    return this.create("patients", {
      identifiers: [{ issuer: "HOSPITAL", value: `MRN-${made}` }],
      name: { alphabetic: { family: `Kim${made}`, given: "Minjun" } },
      ...rest,
    });
  }
}

export const radiologyOrder = (patientId: string, rest: Record<string, unknown> = {}) => ({
  kind: "radiology",
  patientId,
  codes: coded("24727-0", "CT Head W contrast IV"),
  modality: "CT",
  ...rest,
});

export const medicationOrder = (patientId: string) => ({
  kind: "medication",
  patientId,
  items: [
    {
      drug: coded("197361", "amlodipine 5 MG Oral Tablet", "http://www.nlm.nih.gov/research/umls/rxnorm"),
      dose: { value: 5, unit: "mg", code: "mg" },
      route: { system: "http://snomed.info/sct", code: "26643006", display: "Oral route" },
      frequency: { times: 1, period: 1, periodUnit: "d" },
      duration: { value: 30, unit: "d" },
    },
  ],
});

/** A record of each kind but the patient's, as an EMR would send them of one visit. */
export async function everyRecord(people: (name: string) => EmrClient, patientId: string) {
  const doctor = people("doctor");
  const encounter = await doctor.create("encounters", {
    patientId,
    status: "in-progress",
    class: {
      system: "http://terminology.hl7.org/CodeSystem/v3-ActCode",
      code: "AMB",
      display: "ambulatory",
    },
    startAt: "2025-03-01T09:00:00+09:00",
  });
  const of = { patientId, encounterId: encounter.id };
  const condition = await doctor.create("conditions", {
    ...of,
    codes: coded("I63.9", "Cerebral infarction", "http://hl7.org/fhir/sid/icd-10"),
    onsetDate: "2025-03-01",
  });
  const medication = await doctor.create("orders", { ...medicationOrder(patientId), ...of });
  const laboratory = await doctor.create("orders", {
    ...of,
    kind: "laboratory",
    codes: coded("718-7", "Hemoglobin"),
  });
  const radiology = await doctor.create("orders", radiologyOrder(patientId, of));
  const procedure = await doctor.create("orders", {
    ...of,
    kind: "procedure",
    codes: coded("277762005", "Lumbar puncture", "http://snomed.info/sct"),
    performedAt: "2025-03-01T10:30:00+09:00",
  });
  const observation = await people("lab").create("observations", {
    ...of,
    category: "laboratory",
    codes: coded("718-7", "Hemoglobin"),
    value: { type: "quantity", quantity: { value: 13.5, unit: "g/dL", code: "g/dL" } },
    effectiveAt: "2025-03-01T10:00:00+09:00",
    orderId: laboratory.id,
  });
  const report = await people("radiologist").create("reports", {
    ...of,
    category: { system: "http://terminology.hl7.org/CodeSystem/v2-0074", code: "RAD", display: "Radiology" },
    codes: coded("24727-0"),
    effectiveAt: "2025-03-01T11:00:00+09:00",
    conclusion: "급성 뇌경색",
    orderId: radiology.id,
    observationIds: [observation.id],
  });
  return { encounter, condition, medication, laboratory, radiology, procedure, observation, report };
}

/** Somebody of every role, two patients (`hers` of OWN-1, `his` of OWN-2) and a doctor of one ward. */
export async function emrPeople(stack: RunningStack): Promise<(name: string) => EmrClient> {
  const accounts = new People(stack);
  const clients = new Map([["admin", new EmrClient(stack, await stack.token())]]);
  const add = async (name: string, role: string, rest: object = {}) =>
    clients.set(name, new EmrClient(stack, await accounts.token(`emr-${name}`, role, rest)));
  for (const role of ["doctor", "radiologist", "technologist", "nurse", "lab"]) await add(role, role);
  await add("external", "external", { labels: ["*"] });
  await add("hers", "patient", { patient: { patientId: "OWN-1", issuerOfPatientId: "HOSPITAL" } });
  await add("his", "patient", { patient: { patientId: "OWN-2", issuerOfPatientId: "HOSPITAL" } });
  await add("ward", "doctor", { labels: ["ward-9"] });
  return (name) => clients.get(name) ?? expect.fail(`nobody is called ${name}`);
}

/** Asks until the answer is there: what follows an arrival or a change comes within moments. */
export async function until<T>(what: string, ask: () => Promise<T | undefined>, seconds = 20): Promise<T> {
  const deadline = Date.now() + seconds * 1_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`${what} did not come about`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
