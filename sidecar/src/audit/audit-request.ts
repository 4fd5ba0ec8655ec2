import type { Request, Response } from "express";
import { recognisedIn } from "../authorization/allow.js";
import type { PatientIdentity } from "../dicom/patient-key.js";
import { accessOf, NOBODY, whoOf, type Access, type Who } from "./access.js";
import type { AuditTrail, RecordedAccess } from "./audit-trail.js";
import type { AuditedRoute, RouteParams } from "./audited-routes.js";
import { refusalOf } from "./refusal.js";
import { recordShownPatients, type ShownPatient } from "./shown-patients.js";
import { recordShown } from "./shown-studies.js";
import type { Source } from "./source.js";

/** What a handler knows of the access beside what the route says. */
export interface AuditFacts {
  readonly who?: Who;
  readonly target?: string;
  readonly studyInstanceUids?: readonly string[];
  /** The patient, where no study tells it. */
  readonly patient?: PatientIdentity;
  /** Studies in the answer to a list. */
  readonly shown?: readonly string[];
  /** Patients in the answer to a list, by their records. */
  readonly shownPatients?: readonly ShownPatient[];
  readonly breakGlassId?: number | null;
  readonly reason?: string;
}

const noted = new WeakMap<Response, AuditFacts>();

/** Tells the audit trail more of the request being answered. */
export function noteForAudit(response: Response, facts: AuditFacts): void {
  noted.set(response, { ...noted.get(response), ...facts });
}

/** One request on its way to being recorded, once. */
export class AuditedRequest {
  private begun: RecordedAccess | undefined;
  private begunOn = "";
  private settled: Promise<void> | undefined;

  constructor(
    private readonly route: AuditedRoute,
    private readonly params: RouteParams,
    private readonly request: Request,
    private readonly response: Response,
    private readonly source: Source,
    private readonly trail: AuditTrail,
  ) {}

  /** The request was let pass and will change something: nothing is changed that is not recorded. */
  async begin(): Promise<void> {
    const access = this.access({ outcome: "granted", reason: null });
    this.begunOn = access.target;
    this.begun ??= await this.trail.record(access);
  }

  /**
   * Records how it ended; the answer leaves after that.
   * @param error what the request is refused for
   */
  settle(error?: unknown): Promise<void> {
    this.settled ??= this.write(error);
    return this.settled;
  }

  private async write(error: unknown): Promise<void> {
    const { statusCode } = this.response;
    const facts = noted.get(this.response);
    const end =
      error !== undefined
        ? refusalOf(error)
        : statusCode < 400
          ? ({ outcome: "granted", reason: null } as const)
          : ({ outcome: "denied", reason: facts?.reason ?? `http-${statusCode}` } as const);
    if (this.begun !== undefined) {
      const { target = "", breakGlassId = null } = facts ?? {};
      if (end.outcome === "granted" && (target === "" || target === this.begunOn) && breakGlassId === null)
        return;
      await this.begun.end({ ...end, target, breakGlassId });
      return;
    }
    const access = this.access({ ...end, ...whoOfRefusal(error) });
    if (end.outcome !== "granted" || this.route.counted === true) await this.trail.count(access);
    else await this.trail.record(access);
    if (end.outcome === "granted" && facts?.shown !== undefined)
      await recordShown(access, facts.shown, this.trail);
    if (end.outcome === "granted" && facts?.shownPatients !== undefined)
      await recordShownPatients(access, facts.shownPatients, this.trail);
  }

  private access(rest: Pick<Access, "outcome" | "reason"> & { readonly who?: Who }): Access {
    const { action, target, studies, patient } = this.route;
    const principal = recognisedIn(this.response);
    const facts = noted.get(this.response) ?? {};
    const { who, target: on, studyInstanceUids, breakGlassId = null } = facts;
    return accessOf({
      source: this.source,
      action,
      target: on ?? target?.(this.params) ?? "",
      studyInstanceUids: studyInstanceUids ?? studies?.(this.params, this.request.body) ?? [],
      patient:
        facts.patient ??
        patient?.(this.request.body) ??
        (action === "list" ? (principal?.patient ?? null) : null),
      breakGlassId,
      ...rest,
      who: rest.who ?? who ?? (principal === undefined ? NOBODY : whoOf(principal)),
    });
  }
}

/** Whom a login was refused for: an account that exists, never what was typed. */
function whoOfRefusal(error: unknown): { readonly who?: Who } {
  const who = (error as { facts?: { who?: Pick<Who, "subject" | "displayName" | "role"> } } | undefined)
    ?.facts?.who;
  return who === undefined ? {} : { who: { ...who, kind: "account", tokenId: "" } };
}
