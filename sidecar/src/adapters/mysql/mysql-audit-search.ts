import type { Sequelize } from "sequelize";
import { isAscii } from "../../ascii.js";
import { LONGEST_SECONDS, IDLE_SECONDS } from "../../audit/audit-trail.js";
import type { AuditEntry, AuditFilter, AuditSearch } from "../../audit/search.js";
import { RECORD_COLUMNS, SEAL_COLUMNS, instant, selected } from "./audit-columns.js";
import { Statements } from "./statements.js";

const COLUMNS = { ...RECORD_COLUMNS, ...SEAL_COLUMNS };
/** What the opening row alone says. */
const OPENING = [
  "id",
  "firstAt",
  "subject",
  "displayName",
  "kind",
  "role",
  "tokenId",
  "patientId",
  "issuerOfPatientId",
  "studyInstanceUid",
  "action",
  "sourceAddress",
  "userAgent",
  "sequence",
  "hash",
] as const satisfies readonly (keyof typeof COLUMNS)[];
const ENTRIES = `SELECT ${selected(Object.fromEntries(OPENING.map((name) => [name, COLUMNS[name]])), "opened")},
  COALESCE(ended.last_at, going.last_at, opened.last_at) AS lastAt, going.access_id IS NULL AS ended,
  COALESCE(ended.target, opened.target) AS target, COALESCE(ended.outcome, opened.outcome) AS outcome,
  COALESCE(ended.reason, opened.reason) AS reason, COALESCE(ended.break_glass_id, opened.break_glass_id) AS breakGlassId,
  COALESCE(ended.requests, going.requests, opened.requests) AS requests,
  COALESCE(ended.instances, going.instances, opened.instances) AS instances,
  COALESCE(ended.frames, going.frames, opened.frames) AS frames
  FROM audit_record AS opened
  LEFT JOIN audit_record AS ended ON ended.closes = opened.id
  LEFT JOIN audit_open AS going ON going.access_id = opened.access_id`;
const LONGEST_MILLISECONDS = (LONGEST_SECONDS + IDLE_SECONDS) * 1_000;

/** Each condition beside the filter that asks for it. */
const CONDITIONS: Readonly<Record<keyof AuditFilter, string>> = {
  user: `(opened.subject = :user OR opened.display_name = :user
    OR opened.subject = (SELECT CONCAT('account:', account.id) FROM account WHERE account.username = :user))`,
  patient: "opened.patient_id = :patient",
  issuer: "opened.issuer_of_patient_id = :issuer",
  study: "opened.study_instance_uid = :study",
  action: "opened.action = :action",
  outcome: "COALESCE(ended.outcome, opened.outcome) = :outcome",
  from: `opened.first_at >= :earliest AND COALESCE(ended.last_at, going.last_at, opened.last_at) >= :from`,
  to: "opened.first_at <= :to",
};

/** Neither a subject nor a user name is other than ASCII: their columns cannot be compared with it. */
const DISPLAYED = "opened.display_name = :user";

/** The audit trail for people, from MySQL or MariaDB. */
export class MySqlAuditSearch implements AuditSearch {
  private readonly statements: Statements;

  constructor(sequelize: Sequelize) {
    this.statements = new Statements(sequelize);
  }

  async entries(filter: AuditFilter, before: number | null, limit: number): Promise<AuditEntry[]> {
    const given = (Object.keys(CONDITIONS) as (keyof AuditFilter)[]).filter(
      (name) => filter[name] !== undefined,
    );
    const conditions = [
      "opened.closes IS NULL",
      ...(before === null ? [] : ["opened.id < :before"]),
      ...given.map((name) => (name === "user" && !isAscii(filter.user ?? "") ? DISPLAYED : CONDITIONS[name])),
    ];
    // An access that began earlier may still have been going on.
    const { from, to } = filter;
    const times = {
      ...(from && {
        from: instant(from),
        earliest: instant(new Date(from.getTime() - LONGEST_MILLISECONDS)),
      }),
      ...(to && { to: instant(to) }),
    };
    const rows = await this.statements.select<Omit<AuditEntry, "ended"> & { ended: number }>(
      `${ENTRIES} WHERE ${conditions.join(" AND ")} ORDER BY opened.id DESC LIMIT :limit`,
      { ...filter, ...times, before, limit },
    );
    return rows.map((row) => ({ ...row, ended: row.ended === 1 }));
  }
}
