import type { Sequelize } from "sequelize";
import type { Link, LinkKind, OpenEmrLinks } from "../../openemr/openemr-links.js";
import { Statements } from "./statements.js";

/** What of ours OpenEMR has, in MySQL or MariaDB. */
export class MySqlOpenEmrLinks implements OpenEmrLinks {
  private readonly statements: Statements;

  constructor(sequelize: Sequelize) {
    this.statements = new Statements(sequelize);
  }

  async find(kind: LinkKind, subject: string): Promise<Link | null> {
    const [row] = await this.statements.select<Link>(
      "SELECT state, remote_key AS `key`, remote_pid AS pid, digest FROM openemr_link WHERE kind = :kind AND subject = :subject",
      { kind, subject },
    );
    return row ?? null;
  }

  async attempt(kind: LinkKind, subject: string): Promise<void> {
    await this.statements.change(
      `INSERT INTO openemr_link (kind, subject, state) VALUES (:kind, :subject, 'attempting')
       ON DUPLICATE KEY UPDATE state = IF(state = 'linked', state, 'attempting')`,
      { kind, subject },
    );
  }

  async abandon(kind: LinkKind, subject: string): Promise<void> {
    await this.statements.change(
      "DELETE FROM openemr_link WHERE kind = :kind AND subject = :subject AND state <> 'linked'",
      { kind, subject },
    );
  }

  async unclear(kind: LinkKind, subject: string): Promise<void> {
    await this.statements.change(
      "UPDATE openemr_link SET state = 'unclear' WHERE kind = :kind AND subject = :subject AND state = 'attempting'",
      { kind, subject },
    );
  }

  async linked(
    kind: LinkKind,
    subject: string,
    { key, pid, digest }: { key: string; pid?: string; digest?: string },
  ): Promise<void> {
    await this.statements.change(
      `INSERT INTO openemr_link (kind, subject, state, remote_key, remote_pid, digest, synchronised_at)
       VALUES (:kind, :subject, 'linked', :key, :pid, :digest, UTC_TIMESTAMP(3))
       ON DUPLICATE KEY UPDATE state = 'linked', remote_key = VALUES(remote_key), remote_pid = VALUES(remote_pid),
         digest = VALUES(digest), synchronised_at = VALUES(synchronised_at)`,
      { kind, subject, key, pid: pid ?? null, digest: digest ?? null },
    );
  }

  async taken(kind: LinkKind, keys: readonly string[]): Promise<Set<string>> {
    if (keys.length === 0) return new Set();
    const rows = await this.statements.select<{ key: string }>(
      "SELECT remote_key AS `key` FROM openemr_link WHERE kind = :kind AND remote_key IN (:keys)",
      { kind, keys: [...keys] },
    );
    return new Set(rows.map(({ key }) => key));
  }
}
