import { z } from "zod";
import type { AccessTokens } from "../../openemr/access-tokens.js";
import type {
  EncounterBody,
  MedicationBody,
  OpenEmrApi,
  OpenEmrPatient,
  PatientBody,
  PatientKeys,
} from "../../openemr/openemr-api.js";
import { OpenEmrError } from "../../openemr/openemr-error.js";
import {
  documentRows,
  encounterCreated,
  encounterRows,
  medicationCreated,
  medicationRows,
  patientCreated,
  patientRow,
  patientRows,
} from "./answers.js";
import { exchange, type Answer } from "./exchange.js";

type Method = "GET" | "POST" | "PUT";

/** OpenEMR's standard REST API, `…/apis/default/api`. */
export class OpenEmrRest implements OpenEmrApi {
  /** @param base ends in `/api` */
  constructor(
    private readonly base: string,
    private readonly tokens: AccessTokens,
    private readonly timeoutMilliseconds?: number,
  ) {}

  findPatients({ lname, DOB }: Pick<PatientBody, "lname" | "DOB">): Promise<OpenEmrPatient[]> {
    return this.search(new URLSearchParams({ lname, DOB }));
  }

  patientPage({ offset, limit }: { offset: number; limit: number }): Promise<OpenEmrPatient[]> {
    const page = { _sort: "-date", _offset: String(offset), _limit: String(limit) };
    return this.search(new URLSearchParams(page));
  }

  async patient(uuid: string): Promise<OpenEmrPatient | null> {
    const answer = await this.send("GET", `/patient/${encodeURIComponent(uuid)}`);
    return answer.status === 404 ? null : dataOf(answer, patientRow);
  }

  async createPatient(body: PatientBody): Promise<PatientKeys> {
    const created = dataOf(await this.send("POST", "/patient", body), patientCreated, "write");
    if (created.uuid !== undefined) return { uuid: created.uuid, pid: created.pid };
    // Versions before 7 answer the number alone.
    const found = await this.findPatients(body);
    const own = found.find(({ pid }) => pid === created.pid);
    if (own === undefined)
      throw new OpenEmrError("openemr-unreadable", "OpenEMR does not find the patient it created", {
        uncertain: true,
      });
    return { uuid: own.uuid, pid: own.pid };
  }

  async updatePatient(uuid: string, body: PatientBody): Promise<void> {
    dataOf(await this.send("PUT", `/patient/${encodeURIComponent(uuid)}`, body), z.unknown(), "write");
  }

  async encounters(patientUuid: string) {
    const answer = await this.send("GET", `/patient/${encodeURIComponent(patientUuid)}/encounter`);
    return answer.status === 404 ? [] : dataOf(answer, encounterRows);
  }

  async createEncounter(patientUuid: string, body: EncounterBody): Promise<{ readonly uuid: string }> {
    const path = `/patient/${encodeURIComponent(patientUuid)}/encounter`;
    return dataOf(await this.send("POST", path, body), encounterCreated, "write");
  }

  async updateEncounter(patientUuid: string, uuid: string, body: EncounterBody): Promise<void> {
    const path = `/patient/${encodeURIComponent(patientUuid)}/encounter/${encodeURIComponent(uuid)}`;
    dataOf(await this.send("PUT", path, body), z.unknown(), "write");
  }

  async medications(pid: string) {
    const answer = await this.send("GET", `/patient/${encodeURIComponent(pid)}/medication`);
    return answer.status === 404 ? [] : bareOf(answer, medicationRows);
  }

  async createMedication(pid: string, body: MedicationBody): Promise<{ readonly id: string }> {
    const path = `/patient/${encodeURIComponent(pid)}/medication`;
    return bareOf(await this.send("POST", path, body), medicationCreated, "write");
  }

  async updateMedication(pid: string, id: string, body: MedicationBody): Promise<void> {
    const path = `/patient/${encodeURIComponent(pid)}/medication/${encodeURIComponent(id)}`;
    bareOf(await this.send("PUT", path, body), z.unknown(), "write");
  }

  async documentNames(pid: string, category: string): Promise<string[] | null> {
    const answer = await this.send("GET", documentPath(pid, category));
    return answer.status === 404 ? null : bareOf(answer, documentRows);
  }

  async addDocument(
    pid: string,
    category: string,
    { fileName, pdf }: { fileName: string; pdf: Uint8Array },
  ): Promise<void> {
    const form = new FormData();
    form.set("document", new Blob([Uint8Array.from(pdf)], { type: "application/pdf" }), fileName);
    // `true` is all it says when it has the file.
    bareOf(await this.send("POST", documentPath(pid, category), form), z.literal(true), "write");
  }

  private async search(question: URLSearchParams): Promise<OpenEmrPatient[]> {
    const answer = await this.send("GET", `/patient?${question.toString()}`);
    // It says 404 where nothing is found.
    return answer.status === 404 ? [] : dataOf(answer, patientRows);
  }

  /** A token that was refused is replaced once: nothing was done with it. */
  private async send(method: Method, path: string, body?: object): Promise<Answer> {
    const first = await this.sendWith(await this.tokens.current(), method, path, body);
    if (first.status !== 401) return first;
    const second = await this.sendWith(await this.tokens.current(), method, path, body);
    if (second.status === 401)
      throw new OpenEmrError("openemr-unauthorised", "OpenEMR refuses a new token", { status: 401 });
    return second;
  }

  private async sendWith(token: string, method: Method, path: string, body?: object): Promise<Answer> {
    const isForm = body instanceof FormData;
    const answer = await exchange(
      this.base + path,
      {
        method,
        headers: {
          Accept: "application/json",
          Authorization: `Bearer ${token}`,
          ...(body === undefined || isForm ? {} : { "Content-Type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
      },
      this.timeoutMilliseconds,
    );
    if (answer.status === 401) this.tokens.refused(token);
    if (answer.status === 403)
      throw new OpenEmrError("openemr-unauthorised", "OpenEMR does not allow the service user this", {
        status: 403,
        outcome: answer.text,
      });
    return answer;
  }
}

function documentPath(pid: string, category: string): string {
  return `/patient/${encodeURIComponent(pid)}/document?${new URLSearchParams({ path: category }).toString()}`;
}

const wrapped = z.object({
  validationErrors: z.unknown().optional(),
  internalErrors: z.unknown().optional(),
  data: z.unknown(),
});

/** The `data` of OpenEMR's wrapper. Errors within it are a refusal, whatever the status is. */
function dataOf<T>(answer: Answer, schema: z.ZodType<T>, kind?: "write"): T {
  const envelope = wrapped.safeParse(answer.json);
  if (envelope.success) {
    const { validationErrors, internalErrors } = envelope.data;
    if (hasErrors(validationErrors)) throw refusal(answer, membersOf(validationErrors));
    if (hasErrors(internalErrors))
      throw new OpenEmrError("openemr-unreadable", "OpenEMR reports an internal error", {
        status: answer.status,
        outcome: answer.text,
        uncertain: kind === "write",
      });
  }
  return checked(answer, envelope.data?.data, schema, kind);
}

/** The body where OpenEMR does not wrap it. */
function bareOf<T>(answer: Answer, schema: z.ZodType<T>, kind?: "write"): T {
  const errors = z.object({ validationErrors: z.unknown() }).safeParse(answer.json);
  if (errors.success && hasErrors(errors.data.validationErrors))
    throw refusal(answer, membersOf(errors.data.validationErrors));
  return checked(answer, answer.json, schema, kind);
}

function checked<T>(answer: Answer, value: unknown, schema: z.ZodType<T>, kind?: "write"): T {
  if (answer.status >= 400) throw refusal(answer, []);
  const parsed = schema.safeParse(value);
  // A page of HTML with status 200 is how some of its faults look.
  if (answer.json === undefined || !parsed.success)
    throw new OpenEmrError("openemr-unreadable", "OpenEMR answered what its description does not say", {
      status: answer.status,
      outcome: answer.text,
      uncertain: kind === "write",
    });
  return parsed.data;
}

function hasErrors(errors: unknown): boolean {
  return membersOf(errors).length > 0;
}

function membersOf(errors: unknown): string[] {
  return typeof errors === "object" && errors !== null ? Object.keys(errors) : [];
}

/** Names of members, never what was in them. */
function refusal({ status, text }: Answer, members: readonly string[]): OpenEmrError {
  const named = members.filter((member) => /^[\w.-]{1,40}$/.test(member)).join(", ");
  return new OpenEmrError("openemr-refused", `OpenEMR answered HTTP ${status}${named && `: ${named}`}`, {
    status,
    outcome: text,
  });
}
