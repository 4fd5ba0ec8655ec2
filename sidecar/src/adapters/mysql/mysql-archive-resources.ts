import { LRUCache } from "lru-cache";
import type { Sequelize } from "sequelize";
import type { OrthancId } from "../../dicom/uid.js";
import type { ArchiveLevel, ArchiveResources } from "../../orthanc-explorer/archive-access.js";
import { Statements } from "./statements.js";

const MOST_KNOWN = 50_000;
const UID = "SELECT DISTINCT study.study_instance_uid AS uid FROM study";
const STATEMENTS: Readonly<Record<Exclude<ArchiveLevel, "patients">, string>> = {
  studies: `${UID} WHERE study.orthanc_id = :id`,
  series: `${UID} JOIN series ON series.study_id = study.orthanc_id WHERE series.orthanc_id = :id`,
  instances: `${UID} JOIN series ON series.study_id = study.orthanc_id JOIN instance ON instance.series_id = series.orthanc_id
    WHERE instance.orthanc_id = :id`,
};

/** Which studies Orthanc's resources are of. A series never moves to another study, so what is known stays so. */
export class MySqlArchiveResources implements ArchiveResources {
  private readonly statements: Statements;
  private readonly known = new LRUCache<string, readonly string[]>({ max: MOST_KNOWN });

  constructor(sequelize: Sequelize) {
    this.statements = new Statements(sequelize);
  }

  async studiesOf(level: ArchiveLevel, id: OrthancId): Promise<readonly string[]> {
    // Orthanc's patients are by Patient ID alone; their requests are recorded without a study.
    if (level === "patients") return [];
    const found = this.known.get(id);
    if (found !== undefined) return found;
    const rows = await this.statements.select<{ uid: string }>(STATEMENTS[level], { id });
    const uids = rows.map(({ uid }) => uid);
    if (uids.length > 0) this.known.set(id, uids);
    return uids;
  }
}
