import { SignJWT, exportJWK, generateKeyPair, type CryptoKey, type JWK } from "jose";

/** How an assertion differs from one that is as it should be. */
export interface AssertionChange {
  readonly claims?: object;
  readonly expires?: string;
  readonly header?: object;
}

/** A program with a key pair of its own, which gets tokens by client_credentials (RFC 7523). */
export class ClientProgram {
  private constructor(
    readonly clientId: string,
    /** The public key, `kid` is `one`. */
    readonly jwk: JWK,
    private readonly privateKey: CryptoKey,
    private readonly algorithm: "RS384" | "ES384",
    private readonly tokenAddress: string,
  ) {}

  /** @param hub address of the hub */
  static async create(algorithm: "RS384" | "ES384", clientId: string, hub: string): Promise<ClientProgram> {
    const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid: "one", alg: algorithm };
    return new ClientProgram(clientId, jwk, privateKey, algorithm, `${hub}/api/oauth/token`);
  }

  sign({ claims, expires = "4m", header }: AssertionChange = {}): Promise<string> {
    return new SignJWT({
      iss: this.clientId,
      sub: this.clientId,
      aud: this.tokenAddress,
      jti: crypto.randomUUID(),
      ...claims,
    })
      .setProtectedHeader({ alg: this.algorithm, kid: "one", typ: "JWT", ...header })
      .setExpirationTime(expires)
      .sign(this.privateKey);
  }

  /** Asks for a token. @param assertion one that is as it should be, without it */
  async token(
    assertion?: string,
    rest: Record<string, string> = {},
  ): Promise<{ status: number; body: Record<string, string> }> {
    const response = await fetch(this.tokenAddress, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        client_assertion: assertion ?? (await this.sign()),
        ...rest,
      }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, string> };
  }
}
