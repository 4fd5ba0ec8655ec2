import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import type { Sequelize } from "sequelize";
import { z } from "zod";
import { OpenEmrError } from "../../openemr/openemr-error.js";
import type { KeptTokens, TokenVault } from "../../openemr/token-vault.js";
import { Statements } from "./statements.js";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const kept = z.object({
  refreshToken: z.string(),
  accessToken: z.string(),
  usableUntil: z.coerce.date(),
});

/** One row, sealed with AES-256-GCM; its lock makes the processes wait for each other. */
export class MySqlOpenEmrTokens implements TokenVault {
  private readonly statements: Statements;
  private readonly key: Buffer;

  /** @param secret NEURONOVA_OPENEMR_TOKEN_KEY */
  constructor(
    sequelize: Sequelize,
    secret: string,
    private readonly name = "service-user",
  ) {
    this.statements = new Statements(sequelize);
    this.key = Buffer.from(hkdfSync("sha256", secret, "", "neuronova openemr tokens", 32));
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
        { name: this.name, sealed: this.seal(tokens) },
        transaction,
      );
      return tokens;
    });
  }

  private seal(tokens: KeptTokens): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv("aes-256-gcm", this.key, nonce);
    const body = Buffer.concat([cipher.update(JSON.stringify(tokens), "utf8"), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), body]);
  }

  private open(sealed: Buffer | null): KeptTokens | null {
    if (sealed === null) return null;
    try {
      const decipher = createDecipheriv("aes-256-gcm", this.key, sealed.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      const body = Buffer.concat([
        decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)),
        decipher.final(),
      ]);
      return kept.parse(JSON.parse(body.toString("utf8")));
    } catch (error) {
      throw new OpenEmrError(
        "openemr-not-connected",
        "The kept tokens cannot be read with this NEURONOVA_OPENEMR_TOKEN_KEY: neuronova openemr connect",
        { cause: error },
      );
    }
  }
}
