import { decide, decideWithoutStudy } from "../authorization/decide.js";
import type { Principal } from "../authorization/principal.js";
import type { StudyDirectory, StudyFacts } from "../authorization/study-directory.js";
import type { InstanceIdentity } from "../dicom/part10-identity.js";
import { patientKeyOfStudy } from "../dicom/patient-key.js";
import type { OrthancId } from "../dicom/uid.js";

export type StoreDecision =
  | {
      readonly granted: true;
      /** The studies, as the archive names them, that the instance may end in; null where it may end in any. */
      readonly within: ReadonlySet<string> | null;
    }
  | { readonly granted: false };

const ANYWHERE: StoreDecision = { granted: true, within: null };
const REFUSED: StoreDecision = { granted: false };

/**
 * May this principal store instances of this study and patient? Who reaches only some studies adds to those alone, and
 * only what is of their patient: with another Patient ID, an instance makes another study of the same UID in Orthanc.
 */
export class StoreAuthorization {
  private readonly studies = new Map<string, readonly StudyFacts[]>();

  /** For one request: it ends with the reach it began with. */
  constructor(
    private readonly principal: Principal,
    private readonly directory: StudyDirectory,
  ) {}

  /** @param identity undefined when the file does not say whose it is */
  async decide(identity: InstanceIdentity | undefined): Promise<StoreDecision> {
    const early = decideWithoutStudy(this.principal, "upload");
    if (early !== undefined) return early.granted ? ANYWHERE : REFUSED;
    if (identity?.patient === undefined) return REFUSED;
    const studies = await this.factsOf(identity.studyInstanceUid);
    if (!decide(this.principal, "upload", studies).granted) return REFUSED;
    const patientKey = patientKeyOfStudy(identity.patient, identity.studyInstanceUid);
    const within = studies.filter((study) => study.patientKey === patientKey);
    if (within.length === 0) return REFUSED;
    return { granted: true, within: new Set(within.map(({ orthancId }) => orthancId)) };
  }

  private async factsOf(studyInstanceUid: string): Promise<readonly StudyFacts[]> {
    const known = this.studies.get(studyInstanceUid);
    if (known !== undefined) return known;
    const facts = await this.directory.byUid(studyInstanceUid);
    this.studies.set(studyInstanceUid, facts);
    return facts;
  }
}

/** Whether the archive put it where it may be: it could have read the file otherwise than we did. */
export function isWhereItMayBe(decision: StoreDecision, studyId: OrthancId): boolean {
  return decision.granted && (decision.within === null || decision.within.has(studyId));
}
