import { LRUCache } from "lru-cache";
import { ApiError } from "../error-response.js";
import { decide, decideWithoutStudy, type Decision } from "./decide.js";
import type { Permission } from "./permissions.js";
import { isUnrestricted, type Principal } from "./principal.js";
import type { StudyDirectory, StudyFacts } from "./study-directory.js";
import { StateUnavailable } from "../state/state-error.js";
import { expiredToken } from "./token-error.js";

/** A change of a study's labels or patient counts after this long at the latest. */
export const STUDY_FACTS_SECONDS = 5;
/** While the database is away, what was known of a study goes on for this long, unless labels were announced to have changed. */
const OUTAGE_GRACE_SECONDS = 60;
const MOST_STUDIES = 20_000;

interface Known {
  readonly studies: readonly StudyFacts[];
  readonly readAt: number;
}

/**
 * Decides who may do what to which study. What it knows of a study it keeps for {@link STUDY_FACTS_SECONDS}: a viewer
 * asks for hundreds of frames of one study, and the database is asked once.
 */
export class StudyAccess {
  private readonly known = new LRUCache<string, Known>({ max: MOST_STUDIES });
  private readonly knownToOrthanc = new LRUCache<string, StudyFacts>({
    max: MOST_STUDIES,
    ttl: STUDY_FACTS_SECONDS * 1_000,
  });

  private forgottenAt = 0;

  constructor(
    readonly directory: StudyDirectory,
    private readonly now: () => number = () => Date.now(),
  ) {}

  /** The decision when it needs no database; undefined when {@link decide} must be asked. */
  peek(principal: Principal, permission: Permission, studyInstanceUid: string): Decision | undefined {
    const early = decideWithoutStudy(principal, permission);
    if (early !== undefined) return early;
    const studies = this.remembered(studyInstanceUid);
    return studies && decide(principal, permission, studies);
  }

  async decide(principal: Principal, permission: Permission, studyInstanceUid: string): Promise<Decision> {
    return (
      this.peek(principal, permission, studyInstanceUid) ??
      decide(principal, permission, await this.facts(studyInstanceUid))
    );
  }

  /**
   * Insists on it. Unknown and forbidden studies look the same to those who reach only some.
   * @throws ApiError 403 `forbidden` without the permission, `study-forbidden` out of reach; 401 `token-expired`
   */
  async demand(principal: Principal, permission: Permission, studyInstanceUid: string): Promise<Decision> {
    const decision = await this.decide(principal, permission, studyInstanceUid);
    if (!decision.granted) throw refusal(decision.reason, permission);
    return decision;
  }

  /** Whether to show that the study exists. */
  async mayView(principal: Principal, studyInstanceUid: string): Promise<boolean> {
    return (await this.decide(principal, "view", studyInstanceUid)).granted;
  }

  /** Every study of this UID, as decisions know it. */
  async studiesOf(studyInstanceUid: string): Promise<readonly StudyFacts[]> {
    return this.remembered(studyInstanceUid) ?? this.facts(studyInstanceUid);
  }

  /** The study that an identifier of Orthanc's belongs to, as decisions know it. */
  async studyInOrthanc(
    level: "study" | "series" | "instance",
    orthancId: string,
  ): Promise<StudyFacts | null> {
    const known = this.knownToOrthanc.get(orthancId);
    if (known !== undefined) return known;
    const readAt = this.now();
    const study = await this.directory.byOrthancId(level, orthancId);
    if (study !== null && this.forgottenAt <= readAt) this.knownToOrthanc.set(orthancId, study);
    return study;
  }

  /** Looks studies up again, because labels changed. */
  forgetStudies(): void {
    this.forgottenAt = this.now() + 1;
    this.known.clear();
    this.knownToOrthanc.clear();
  }

  private remembered(studyInstanceUid: string): readonly StudyFacts[] | undefined {
    const known = this.known.get(studyInstanceUid);
    const fresh = known !== undefined && this.now() - known.readAt < STUDY_FACTS_SECONDS * 1_000;
    return fresh ? known.studies : undefined;
  }

  private async facts(studyInstanceUid: string): Promise<readonly StudyFacts[]> {
    const readAt = this.now();
    let studies: readonly StudyFacts[];
    try {
      studies = await this.directory.byUid(studyInstanceUid);
    } catch (error) {
      const known = this.known.get(studyInstanceUid);
      const borne = known !== undefined && readAt - known.readAt < OUTAGE_GRACE_SECONDS * 1_000;
      if (!(error instanceof StateUnavailable) || !borne) throw error;
      return known.studies;
    }
    // That a study is unknown is not kept: it may be arriving. Nor what was read before labels changed.
    if (studies.length === 0) this.known.delete(studyInstanceUid);
    else if (this.forgottenAt <= readAt) this.known.set(studyInstanceUid, { studies, readAt });
    return studies;
  }
}

function refusal(reason: string, permission: Permission): ApiError {
  if (reason === "token-expired") return expiredToken();
  if (reason === "permission-missing")
    return new ApiError(403, "forbidden", `This needs the permission ${permission}.`, {}, { reason });
  return new ApiError(
    403,
    "study-forbidden",
    "There is no such study, or it is out of your reach.",
    {},
    { reason },
  );
}

/** @throws ApiError 403 for those who reach only some studies: what follows is about all of them */
export function demandUnrestricted(principal: Principal): void {
  if (!isUnrestricted(principal))
    throw new ApiError(403, "forbidden", "This is about every study, and you reach only some.");
}
