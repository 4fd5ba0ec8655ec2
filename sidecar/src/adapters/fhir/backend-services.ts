import type { ClientKey } from "../../fhir/client-key.js";
import { FhirError } from "../../fhir/fhir-server.js";
import { clientAssertion } from "./client-assertion.js";
import type { FhirAuthorization } from "./presented-authorization.js";

export interface BackendClient {
  readonly fhirUrl: string;
  /** undefined: the FHIR server says it. */
  readonly tokenUrl: string | undefined;
  readonly clientId: string;
  readonly key: ClientKey;
  readonly scope: string;
}

const TIMEOUT_MILLISECONDS = 10_000;
/** Of its life; what is left covers a request under way and clocks that differ. */
const USED_SHARE = 0.9;
/** RFC 6749 5.1 only recommends expires_in. */
const LIFE_UNLESS_TOLD_SECONDS = 60;

interface Token {
  readonly header: string;
  readonly usableUntil: number;
}

/**
 * SMART Backend Services (SMART App Launch 2.2): a token for a signed assertion (`private_key_jwt`, RFC 7523), kept
 * until 90 % of its life. Whoever asks while one is fetched gets that one.
 */
export class BackendServices implements FhirAuthorization {
  private token: Token | undefined;
  private fetching: Promise<Token> | undefined;

  constructor(
    private readonly client: BackendClient,
    private readonly now: () => number = Date.now,
  ) {}

  async header(): Promise<string> {
    if (this.token !== undefined && this.now() < this.token.usableUntil) return this.token.header;
    this.fetching ??= this.fetchToken().finally(() => (this.fetching = undefined));
    this.token = await this.fetching;
    return this.token.header;
  }

  /** A token that the server takes no more is dropped; that of another asker, newer, is not. */
  refused(header: string | undefined): boolean {
    if (this.token?.header === header) this.token = undefined;
    return true;
  }

  private async fetchToken(): Promise<Token> {
    const tokenUrl = this.client.tokenUrl ?? (await this.discover());
    const asked = this.now();
    const { status, body } = await request(tokenUrl, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        scope: this.client.scope,
        ...(await clientAssertion(this.client, tokenUrl, this.now())),
      }),
    });
    const { access_token: token, expires_in: life = LIFE_UNLESS_TOLD_SECONDS } = body;
    if (status !== 200 || typeof token !== "string") throw refusal(status, body);
    const seconds = typeof life === "number" && life > 0 ? life : LIFE_UNLESS_TOLD_SECONDS;
    return { header: `Bearer ${token}`, usableUntil: asked + seconds * 1_000 * USED_SHARE };
  }

  private async discover(): Promise<string> {
    const { status, body } = await request(`${this.client.fhirUrl}/.well-known/smart-configuration`, {
      headers: { Accept: "application/json" },
    });
    const { token_endpoint: tokenUrl } = body;
    if (status === 200 && typeof tokenUrl === "string" && URL.canParse(tokenUrl)) return tokenUrl;
    throw refusal(status, {});
  }
}

async function request(
  url: string,
  init: RequestInit,
): Promise<{ status: number; body: Readonly<Record<string, unknown>> }> {
  let response: Response;
  let text: string;
  try {
    // What is sent signs us in: it goes to this address and to no other.
    response = await fetch(url, {
      ...init,
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    });
    text = await response.text();
  } catch (error) {
    throw new FhirError("fhir-unavailable", true, "the FHIR server's token endpoint does not answer", {
      cause: error,
      concerns: "destination",
    });
  }
  return { status: response.status, body: members(text) };
}

function members(text: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** RFC 6749 5.2: the code is one of a list; the description may say anything, and is left out. */
function refusal(status: number, { error }: Readonly<Record<string, unknown>>): FhirError {
  if (status === 429 || status >= 500)
    return new FhirError(
      "fhir-unavailable",
      true,
      `the FHIR server's token endpoint answered HTTP ${status}`,
      {
        concerns: "destination",
      },
    );
  const code = typeof error === "string" && /^[a-z_]{1,40}$/.test(error) ? ` ${error}` : "";
  return new FhirError(
    "fhir-unauthorized",
    true,
    `the FHIR server's token endpoint gave no token: HTTP ${status}${code}`,
    { concerns: "settings" },
  );
}
