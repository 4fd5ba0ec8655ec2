import type { Sequelize } from "sequelize";
import { EVERY_LABEL } from "../../authorization/principal.js";
import { isPermission, isUserRole, permissionsOf } from "../../authorization/permissions.js";
import type { ClientStore } from "../../credentials/client-store.js";
import type { LinkCreator, LinkCreators } from "../../share-links/link-creators.js";
import { withAccess, type AccessColumns } from "./mysql-accounts.js";
import { Statements } from "./statements.js";

const SUBJECT = /^(?:(account|api-key):([1-9]\d{0,14})|(client):(.+)|(oidc):.+)$/;
/** An external provider is not asked about people who do not show a token of theirs. */
const ELSEWHERE: LinkCreator = { permissions: "every", labels: [EVERY_LABEL], patient: null };

/** Makers of share links, by MySQL or MariaDB. */
export class MySqlLinkCreators implements LinkCreators {
  private readonly statements: Statements;

  constructor(
    sequelize: Sequelize,
    private readonly clients: Pick<ClientStore, "find">,
  ) {
    this.statements = new Statements(sequelize);
  }

  async creatorOf(subject: string): Promise<LinkCreator | null> {
    const [, numbered, id, client, clientId = "", external] = SUBJECT.exec(subject) ?? [];
    if (numbered === "account") return this.account(Number(id));
    if (numbered === "api-key") return this.apiKey(Number(id));
    if (client !== undefined) return this.client(clientId);
    return external === undefined ? null : ELSEWHERE;
  }

  private async account(id: number): Promise<LinkCreator | null> {
    const [row] = await this.statements.select<AccessColumns & { readonly role: string }>(
      `SELECT account.role, access.disabled, access.labels, access.patient_id AS patientId,
         access.issuer_of_patient_id AS issuerOfPatientId
       FROM account JOIN account_access AS access ON access.account_id = account.id WHERE account.id = :id`,
      { id },
    );
    if (row === undefined || !isUserRole(row.role)) return null;
    const { disabled, labels, patient } = withAccess(row);
    return disabled ? null : { permissions: permissionsOf(row.role), labels, patient };
  }

  private async apiKey(id: number): Promise<LinkCreator | null> {
    const [row] = await this.statements.select<{ readonly permissions: string; readonly labels: string }>(
      `SELECT permissions, labels FROM api_key
       WHERE id = :id AND revoked_at IS NULL AND expires_at > UTC_TIMESTAMP(3)`,
      { id },
    );
    if (row === undefined) return null;
    return {
      permissions: (JSON.parse(row.permissions) as string[]).filter(isPermission),
      labels: JSON.parse(row.labels) as string[],
      patient: null,
    };
  }

  private async client(clientId: string): Promise<LinkCreator | null> {
    const client = await this.clients.find(clientId);
    if (client === null || client.revokedAt !== null) return null;
    return { permissions: client.permissions, labels: client.labels, patient: null };
  }
}
