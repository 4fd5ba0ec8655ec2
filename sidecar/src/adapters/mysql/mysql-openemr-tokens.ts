import type { Sequelize } from "sequelize";
import { z } from "zod";
import { OpenEmrError } from "../../openemr/openemr-error.js";
import type { KeptTokens, TokenVault } from "../../openemr/token-vault.js";
import { SealedBox } from "./sealed-box.js";
import { Statements } from "./statements.js";

const kept = z.object({
  refreshToken: z.string(),
  accessToken: z.string(),
  usableUntil: z.coerce.date(),
});

/** One row, sealed with AES-256-GCM; its lock makes the processes wait for each other. */
export class MySqlOpenEmrTokens implements TokenVault {
  private readonly statements: Statements;
  private readonly box: SealedBox;

  /** @param secret NEURONOVA_OPENEMR_TOKEN_KEY */
  constructor(
    sequelize: Sequelize,
    secret: string,
    private readonly name = "service-user",
  ) {
    this.statements = new Statements(sequelize);
    this.box = new SealedBox(secret, "neuronova openemr tokens");
  }

  async read(): Promise<KeptTokens | null> {
    const [row] = await this.statements.select<{ sealed: Buffer | null }>(
      "SELECT sealed FROM openemr_token WHERE name = :name",
      { name: this.name },
    );
    return this.open(row?.sealed ?? null);
  }

  replace(work: (kept: KeptTokens | null) => Promise<KeptTokens>): Promise<KeptTokens> {
    return this.statements.transaction(async (transaction) => {
      const [row] = await this.statements.select<{ sealed: Buffer | null }>(
        "SELECT sealed FROM openemr_token WHERE name = :name FOR UPDATE",
        { name: this.name },
        transaction,
      );
      const tokens = await work(this.open(row?.sealed ?? null));
      await this.statements.change(
        "UPDATE openemr_token SET sealed = :sealed, changed_at = UTC_TIMESTAMP(3) WHERE name = :name",
        { name: this.name, sealed: this.box.seal(JSON.stringify(tokens)) },
        transaction,
      );
      return tokens;
    });
  }

  private open(sealed: Buffer | null): KeptTokens | null {
    if (sealed === null) return null;
    const tokens = kept.safeParse(JSON.parse(this.box.open(sealed) ?? "null"));
    if (tokens.success) return tokens.data;
    throw new OpenEmrError(
      "openemr-not-connected",
      "The kept tokens cannot be read with this NEURONOVA_OPENEMR_TOKEN_KEY: neuronova openemr connect",
    );
  }
}
