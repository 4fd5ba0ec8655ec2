import type { Sequelize } from "sequelize";
import { isUserRole, permissionsOf } from "../../authorization/permissions.js";
import type { PrincipalDirectory, TokenSubject } from "../../authorization/principal-directory.js";
import type { BreakGlassGrant, Identity } from "../../authorization/principal.js";
import type { ClientStore } from "../../credentials/client-store.js";
import type { LinkCreators } from "../../share-links/link-creators.js";
import type { ShareLinkStore } from "../../share-links/share-link-store.js";
import { bearerOf } from "../../share-links/bearer.js";
import { launchedIdentity } from "../../smart-launch/launched-identity.js";
import type { LaunchedSessionStore } from "../../smart-launch/launched-session-store.js";
import { withAccess, type AccessColumns } from "./mysql-accounts.js";
import { Statements } from "./statements.js";

interface AccountRow extends AccessColumns {
  readonly id: number;
  readonly displayName: string;
  readonly role: string;
  readonly version: number;
  readonly sessions: number;
}

/** Who the subjects of tokens are, by the database. */
export class MySqlPrincipals implements PrincipalDirectory {
  private readonly statements: Statements;

  constructor(
    sequelize: Sequelize,
    private readonly clients: ClientStore,
    private readonly links: ShareLinkStore,
    private readonly creators: LinkCreators,
    private readonly launched: Pick<LaunchedSessionStore, "find">,
  ) {
    this.statements = new Statements(sequelize);
  }

  async identity(token: TokenSubject): Promise<Identity | null> {
    const [, kind, id] = /^(account|client|share|launch):(.+)$/.exec(token.subject) ?? [];
    if (id === undefined) return null;
    if (kind === "account") return this.account(Number(id), token);
    if (kind === "launch") return this.launch(id);
    return kind === "client" ? this.client(id) : this.share(Number(id));
  }

  async grantsOf(subject: string): Promise<readonly BreakGlassGrant[]> {
    return this.statements.select<BreakGlassGrant>(
      `SELECT id, study_instance_uid AS studyInstanceUid, patient_key AS patientKey, expires_at AS expiresAt
       FROM break_glass WHERE subject = :subject AND expires_at > UTC_TIMESTAMP(3) AND ended_at IS NULL`,
      { subject },
    );
  }

  private async client(clientId: string): Promise<Identity | null> {
    const client = await this.clients.find(clientId);
    if (client === null || client.revokedAt !== null) return null;
    const { name, permissions, labels } = client;
    return {
      subject: `client:${clientId}`,
      kind: "client",
      displayName: name,
      role: null,
      permissions,
      labels,
      patient: null,
      studyInstanceUids: null,
      grants: [],
    };
  }

  private async launch(id: string): Promise<Identity | null> {
    const session = await this.launched.find(id);
    return session === null ? null : launchedIdentity(session);
  }

  /** A link that was used up still carries those who used it, until it ends. */
  private async share(id: number): Promise<Identity | null> {
    const link = Number.isSafeInteger(id) ? await this.links.find(id) : null;
    if (link === null || link.revokedAt !== null || link.expiresAt.getTime() <= Date.now()) return null;
    return bearerOf(link, await this.creators.creatorOf(link.createdBy));
  }

  private async account(id: number, { subject, version, sessionId }: TokenSubject): Promise<Identity | null> {
    if (!Number.isSafeInteger(id)) return null;
    const [rows, grants] = await Promise.all([
      this.statements.select<AccountRow>(
        `SELECT account.id, account.display_name AS displayName, account.role, access.disabled, access.labels,
           access.patient_id AS patientId, access.issuer_of_patient_id AS issuerOfPatientId, access.token_version AS version,
           EXISTS (SELECT 1 FROM refresh_token WHERE family = :sessionId AND account_id = :id AND expires_at > UTC_TIMESTAMP(3)) AS sessions
         FROM account JOIN account_access AS access ON access.account_id = account.id WHERE account.id = :id`,
        { id, sessionId: sessionId ?? "" },
      ),
      this.grantsOf(subject),
    ]);
    const [row] = rows;
    if (row === undefined || row.version !== version || row.sessions === 0 || !isUserRole(row.role))
      return null;
    const { disabled, labels, patient } = withAccess(row);
    if (disabled) return null;
    return {
      subject,
      kind: "account",
      displayName: row.displayName,
      role: row.role,
      permissions: permissionsOf(row.role),
      labels,
      patient,
      studyInstanceUids: null,
      grants,
    };
  }
}
