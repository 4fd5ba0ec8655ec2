import type { Sequelize } from "sequelize";
import { createPrincipal, type Identity, type Principal } from "../../authorization/principal.js";
import type { CallerStore } from "../../orthanc-authorization/recent-callers.js";
import { Statements } from "./statements.js";

/** Rows are kept a little longer than anybody asks for. */
const KEPT_SECONDS = 300;

interface CallerRow {
  readonly tokenId: string;
  /** JSON of Identity; no credential. */
  readonly identity: string;
  readonly expiresAt: Date;
}

export class MySqlOrthancCallers implements CallerStore {
  private readonly statements: Statements;

  constructor(sequelize: Sequelize) {
    this.statements = new Statements(sequelize);
  }

  async remember({ tokenId, expiresAt, permissions, ...rest }: Principal): Promise<void> {
    const identity: Identity = { ...rest, permissions: [...permissions] };
    await this.statements.change(
      `INSERT INTO orthanc_caller (token_id, identity, expires_at, seen_at) VALUES (:tokenId, :identity, :expiresAt, UTC_TIMESTAMP(3))
       ON DUPLICATE KEY UPDATE identity = VALUES(identity), expires_at = VALUES(expires_at), seen_at = VALUES(seen_at)`,
      { tokenId, identity: JSON.stringify(identity), expiresAt },
    );
    await this.statements.change(
      "DELETE FROM orthanc_caller WHERE seen_at < UTC_TIMESTAMP(3) - INTERVAL :seconds SECOND",
      { seconds: KEPT_SECONDS },
    );
  }

  async within(seconds: number): Promise<readonly Principal[]> {
    const rows = await this.statements.select<CallerRow>(
      `SELECT token_id AS tokenId, identity, expires_at AS expiresAt FROM orthanc_caller
       WHERE seen_at >= UTC_TIMESTAMP(3) - INTERVAL :seconds SECOND ORDER BY seen_at DESC LIMIT 100`,
      { seconds },
    );
    return rows.map(({ tokenId, identity, expiresAt }) =>
      createPrincipal(identityOf(identity), tokenId, expiresAt),
    );
  }
}

/** Break-glass grants are not for sharing: they are left behind. */
function identityOf(json: string): Identity {
  return { ...(JSON.parse(json) as Identity), grants: [] };
}
