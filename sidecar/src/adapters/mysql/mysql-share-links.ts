import type { Sequelize } from "sequelize";
import { isPermission } from "../../authorization/permissions.js";
import type { NewShareLink, ShareLink, ShareLinkStore } from "../../share-links/share-link-store.js";
import { Statements } from "./statements.js";

const LINK = `SELECT id, type, note, permissions, created_by AS createdBy, created_by_name AS createdByName, created_at AS createdAt,
  expires_at AS expiresAt, uses_allowed AS usesAllowed, uses, last_used_at AS lastUsedAt, revoked_at AS revokedAt, revoked_by AS revokedBy
  FROM share_link`;

type Row = Omit<ShareLink, "permissions" | "studyInstanceUids"> & { readonly permissions: string };

/** Share links in MySQL or MariaDB. */
export class MySqlShareLinks implements ShareLinkStore {
  private readonly statements: Statements;

  constructor(sequelize: Sequelize) {
    this.statements = new Statements(sequelize);
  }

  add({ permissions, studyInstanceUids, ...link }: NewShareLink, tokenHash: string): Promise<number> {
    return this.statements.transaction(async (transaction) => {
      const id = await this.statements.insert(
        `INSERT INTO share_link (token_hash, type, note, permissions, created_by, created_by_name, created_at, expires_at, uses_allowed)
         VALUES (:tokenHash, :type, :note, :permissions, :createdBy, :createdByName, UTC_TIMESTAMP(3), :expiresAt, :usesAllowed)`,
        { ...link, tokenHash, permissions: JSON.stringify(permissions) },
        transaction,
      );
      for (const uid of studyInstanceUids) {
        await this.statements.change(
          "INSERT INTO share_link_study (share_link_id, study_instance_uid) VALUES (:id, :uid)",
          { id, uid },
          transaction,
        );
      }
      return id;
    });
  }

  async byHash(tokenHash: string): Promise<ShareLink | null> {
    const [row] = await this.statements.select<Row>(`${LINK} WHERE token_hash = :tokenHash`, { tokenHash });
    return row === undefined ? null : ((await this.withStudies([row]))[0] ?? null);
  }

  async find(id: number): Promise<ShareLink | null> {
    const [row] = await this.statements.select<Row>(`${LINK} WHERE id = :id`, { id });
    return row === undefined ? null : ((await this.withStudies([row]))[0] ?? null);
  }

  async list(createdBy: string | null, limit: number, offset: number): Promise<ShareLink[]> {
    const rows = await this.statements.select<Row>(
      `${LINK} ${createdBy === null ? "" : "WHERE created_by = :createdBy"} ORDER BY id DESC LIMIT :limit OFFSET :offset`,
      { createdBy, limit, offset },
    );
    return this.withStudies(rows);
  }

  async use(id: number): Promise<boolean> {
    const changed = await this.statements.change(
      `UPDATE share_link SET uses = uses + 1, last_used_at = UTC_TIMESTAMP(3)
       WHERE id = :id AND revoked_at IS NULL AND expires_at > UTC_TIMESTAMP(3) AND (uses_allowed IS NULL OR uses < uses_allowed)`,
      { id },
    );
    return changed > 0;
  }

  async revoke(id: number, by: string): Promise<boolean> {
    const changed = await this.statements.change(
      "UPDATE share_link SET revoked_at = UTC_TIMESTAMP(3), revoked_by = :by WHERE id = :id AND revoked_at IS NULL",
      { id, by },
    );
    return changed > 0;
  }

  private async withStudies(rows: readonly Row[]): Promise<ShareLink[]> {
    if (rows.length === 0) return [];
    const studies = await this.statements.select<{ id: number; uid: string }>(
      "SELECT share_link_id AS id, study_instance_uid AS uid FROM share_link_study WHERE share_link_id IN (:ids) ORDER BY study_instance_uid",
      { ids: rows.map(({ id }) => id) },
    );
    return rows.map((row) => ({
      ...row,
      permissions: (JSON.parse(row.permissions) as string[]).filter(isPermission),
      studyInstanceUids: studies.filter(({ id }) => id === row.id).map(({ uid }) => uid),
    }));
  }
}
