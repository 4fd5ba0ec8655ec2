import { hkdfSync, randomBytes } from "node:crypto";
import { EncryptJWT, errors, jwtDecrypt } from "jose";

/** How long somebody may take to log in at the EMR. */
export const TICKET_SECONDS = 600;

/** What has to come back from the EMR to the very browser that was sent there. */
export interface LaunchTicket {
  readonly iss: string;
  /** RFC 6749 10.12 */
  readonly state: string;
  /** OpenID Connect Core 3.1.2.1 */
  readonly nonce: string;
  /** RFC 7636 */
  readonly verifier: string;
}

export function newTicket(iss: string): LaunchTicket {
  return { iss, state: random(), nonce: random(), verifier: random() };
}

/** Tickets as a browser keeps them: sealed, so that it never learns the verifier, and any process can open them. */
export class LaunchTickets {
  private readonly key: Uint8Array;

  constructor(signingKey: string) {
    this.key = new Uint8Array(hkdfSync("sha256", signingKey, "", "neuronova smart launch", 32));
  }

  seal({ iss: emr, ...ticket }: LaunchTicket): Promise<string> {
    return new EncryptJWT({ ...ticket, emr })
      .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
      .setIssuedAt()
      .setExpirationTime(`${TICKET_SECONDS}s`)
      .encrypt(this.key);
  }

  /** @returns `expired`; undefined for what is none of ours */
  async open(sealed: string): Promise<LaunchTicket | "expired" | undefined> {
    try {
      const { payload } = await jwtDecrypt<{ emr: string } & Omit<LaunchTicket, "iss">>(sealed, this.key, {
        keyManagementAlgorithms: ["dir"],
        contentEncryptionAlgorithms: ["A256GCM"],
      });
      const { emr, state, nonce, verifier } = payload;
      return { iss: emr, state, nonce, verifier };
    } catch (error) {
      return error instanceof errors.JWTExpired ? "expired" : undefined;
    }
  }
}

function random(): string {
  return randomBytes(32).toString("base64url");
}
