import type { Sequelize } from "sequelize";
import type { Access } from "../../audit/access.js";
import type { AuditStore, Counts } from "../../audit/audit-store.js";
import type { AccessEnd } from "../../audit/audit-trail.js";
import { isReadableUid } from "../../dicom/uid.js";
import { instant } from "./audit-columns.js";
import { Statements } from "./statements.js";

/** What a closing row has of the row it closes. */
const COPIED = `subject, display_name, kind, role, token_id, patient_id, issuer_of_patient_id, study_instance_uid, action,
  source_address, user_agent`;
const MOST_AT_ONCE = 200;

/** Audit rows in MySQL or MariaDB. One statement opens an access: with the commit it is on disk. */
export class MySqlAudit implements AuditStore {
  private readonly statements: Statements;

  constructor(sequelize: Sequelize) {
    this.statements = new Statements(sequelize);
  }

  async open(accessId: string, access: Access, firstAt: Date, counts: Counts): Promise<void> {
    const { who, source, patient, studyInstanceUids, ...rest } = access;
    const uids = studyInstanceUids.filter((uid) => isReadableUid(uid));
    const names = uids.map((_uid, index) => `uid${index}`);
    const wanted =
      names.length === 0
        ? "SELECT CAST(NULL AS CHAR CHARACTER SET ascii) COLLATE ascii_bin AS uid"
        : names
            .map((name) => `SELECT CONVERT(:${name} USING ascii) COLLATE ascii_bin AS uid`)
            .join(" UNION ALL ");
    await this.statements.insert(
      `INSERT INTO audit_record (access_id, recorded_at, first_at, last_at, subject, display_name, kind, role, token_id,
         patient_id, issuer_of_patient_id, study_instance_uid, action, target, outcome, reason, source_address, user_agent,
         break_glass_id, requests, instances, frames)
       SELECT :accessId, :firstAt, :firstAt, :lastAt, :subject, :displayName, :kind, :role, :tokenId,
         COALESCE(study.patient_id, :patientId), COALESCE(study.issuer_of_patient_id, :issuerOfPatientId), wanted.uid,
         :action, :target, :outcome, :reason, :address, :userAgent, :breakGlassId, :requests, :instances, :frames
       FROM (${wanted}) AS wanted LEFT JOIN study ON study.study_instance_uid = wanted.uid`,
      {
        ...Object.fromEntries(uids.map((uid, index) => [`uid${index}`, uid])),
        ...rest,
        ...counts,
        accessId,
        firstAt: instant(firstAt),
        lastAt: instant(counts.lastAt),
        subject: ascii(who.subject, 768),
        displayName: who.displayName.slice(0, 255),
        kind: who.kind,
        role: who.role,
        tokenId: who.tokenId.slice(0, 255),
        patientId: patient?.patientId ?? null,
        issuerOfPatientId: patient?.issuerOfPatientId ?? null,
        target: access.target.slice(0, 255),
        address: ascii(source.address, 64),
        userAgent: ascii(source.userAgent, 256),
      },
    );
  }

  async end(accessId: string, { outcome, reason, target, breakGlassId }: AccessEnd, at: Date): Promise<void> {
    await this.statements.insert(
      `INSERT IGNORE INTO audit_record (access_id, closes, recorded_at, first_at, last_at, ${COPIED}, target, outcome,
         reason, break_glass_id, requests, instances, frames)
       SELECT access_id, id, :at, first_at, :at, ${COPIED}, IF(:target = '', target, :target), :outcome, :reason,
         COALESCE(:breakGlassId, break_glass_id), requests, instances, frames
       FROM audit_record WHERE access_id = :accessId AND closes IS NULL`,
      { accessId, at: instant(at), outcome, reason, target: target.slice(0, 255), breakGlassId },
    );
  }

  async saveCounts(counts: ReadonlyMap<string, Counts>): Promise<void> {
    if (counts.size === 0) return;
    const rows = [...counts].map(([accessId, { requests, instances, frames, lastAt }]) => [
      accessId,
      requests,
      instances,
      frames,
      instant(lastAt),
    ]);
    await this.statements.insert(
      `INSERT INTO audit_open (access_id, requests, instances, frames, last_at) VALUES :rows
       ON DUPLICATE KEY UPDATE requests = VALUES(requests), instances = VALUES(instances), frames = VALUES(frames),
         last_at = VALUES(last_at)`,
      { rows },
    );
  }

  endIdle(since: Date): Promise<number> {
    return this.statements.transaction(async (transaction) => {
      const idle = await this.statements.select<{ accessId: string }>(
        `SELECT access_id AS accessId FROM audit_open WHERE last_at < :since ORDER BY last_at LIMIT ${MOST_AT_ONCE}
         FOR UPDATE SKIP LOCKED`,
        { since: instant(since) },
        transaction,
      );
      if (idle.length === 0) return 0;
      const ids = idle.map(({ accessId }) => accessId);
      await this.statements.insert(
        `INSERT IGNORE INTO audit_record (access_id, closes, recorded_at, first_at, last_at, ${COPIED}, target, outcome,
           reason, break_glass_id, requests, instances, frames)
         SELECT opened.access_id, opened.id, UTC_TIMESTAMP(3), opened.first_at, going.last_at,
           ${COPIED.replaceAll(/[a-z_]+/g, "opened.$&")}, opened.target, opened.outcome, opened.reason,
           opened.break_glass_id, going.requests, going.instances, going.frames
         FROM audit_open AS going JOIN audit_record AS opened ON opened.access_id = going.access_id AND opened.closes IS NULL
         WHERE going.access_id IN (:ids) ORDER BY opened.id`,
        { ids },
        transaction,
      );
      await this.statements.change("DELETE FROM audit_open WHERE access_id IN (:ids)", { ids }, transaction);
      return ids.length;
    });
  }
}

/** Identifiers from outside may hold anything; a row that cannot be written would refuse the access. */
function ascii(text: string, longest: number): string {
  return text.slice(0, longest).replace(/[^\x20-\x7e]/g, "?");
}
