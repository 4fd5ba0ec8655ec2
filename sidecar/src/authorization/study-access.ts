import { LRUCache } from "lru-cache";
import { ApiError } from "../error-response.js";
import { decide, decideWithoutStudy, type Decision } from "./decide.js";
import type { Permission } from "./permissions.js";
import { isUnrestricted, type Principal } from "./principal.js";
import type { StudyDirectory, StudyFacts } from "./study-directory.js";
import { expiredToken } from "./token-error.js";

/** A change of a study's labels or patient counts after this long at the latest. */
export const STUDY_FACTS_SECONDS = 5;
const MOST_STUDIES = 20_000;

/**
 * Decides who may do what to which study. What it knows of a study it keeps for {@link STUDY_FACTS_SECONDS}: a viewer
 * asks for hundreds of frames of one study, and the database is asked once.
 */
export class StudyAccess {
  private readonly known = new LRUCache<string, readonly StudyFacts[]>({
    max: MOST_STUDIES,
    ttl: STUDY_FACTS_SECONDS * 1_000,
  });

  constructor(readonly directory: StudyDirectory) {}

  /** The decision when it needs no database; undefined when {@link decide} must be asked. */
  peek(principal: Principal, permission: Permission, studyInstanceUid: string): Decision | undefined {
    const early = decideWithoutStudy(principal, permission);
    if (early !== undefined) return early;
    const studies = this.known.get(studyInstanceUid);
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

  /** Looks studies up again, because labels changed. */
  forgetStudies(): void {
    this.known.clear();
  }

  private async facts(studyInstanceUid: string): Promise<readonly StudyFacts[]> {
    const studies = await this.directory.byUid(studyInstanceUid);
    // That a study is unknown is not kept: it may be arriving.
    if (studies.length > 0) this.known.set(studyInstanceUid, studies);
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
