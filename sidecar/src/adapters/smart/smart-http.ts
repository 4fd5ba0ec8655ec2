import { z } from "zod";
import { trustedUrlSchema } from "../../authorization/identity-provider.js";
import { launchFault } from "../../smart-launch/launch-fault.js";
import type { LaunchingEmr } from "../../smart-launch/launch-settings.js";
import type { LaunchTokens, SmartConfiguration, SmartServers } from "../../smart-launch/smart-server.js";
import { clientAssertion } from "../fhir/client-assertion.js";
import { boundedExchange, type Exchanged } from "./bounded-exchange.js";

const CONFIGURATION_MILLISECONDS = 600_000;
/** One that could not be had is asked for again after this long: whoever opens launch addresses has no EMR flooded. */
const COOLDOWN_MILLISECONDS = 5_000;

const configurationSchema = z.object({
  authorization_endpoint: trustedUrlSchema,
  token_endpoint: trustedUrlSchema,
  issuer: trustedUrlSchema.optional().catch(undefined),
  jwks_uri: trustedUrlSchema.optional().catch(undefined),
});
const tokensSchema = z.object({
  access_token: z.string().min(1),
  token_type: z.string().regex(/^bearer$/i),
  id_token: z.string().min(1).optional(),
  patient: z.string().min(1).optional(),
});
const refusalSchema = z.object({ error: z.string().regex(/^[a-z_]{1,40}$/) });

interface Kept {
  readonly until: number;
  readonly configuration: Promise<SmartConfiguration>;
}

/** EMRs over HTTP. Only addresses of the settings are asked, and those that the servers there name themselves. */
export class SmartHttp implements SmartServers {
  private readonly kept = new Map<string, Kept>();

  constructor(private readonly now: () => number = Date.now) {}

  configurationOf({ iss }: LaunchingEmr): Promise<SmartConfiguration> {
    const known = this.kept.get(iss);
    if (known !== undefined && this.now() < known.until) return known.configuration;
    const configuration = discover(iss);
    this.keep(iss, configuration, CONFIGURATION_MILLISECONDS);
    configuration.catch(() => this.keep(iss, configuration, COOLDOWN_MILLISECONDS));
    return configuration;
  }

  async exchangeCode(
    emr: LaunchingEmr,
    { code, verifier, redirectUri }: { code: string; verifier: string; redirectUri: string },
  ): Promise<LaunchTokens> {
    const { tokenEndpoint } = await this.configurationOf(emr);
    const { headers, parameters } = await authenticated(emr, tokenEndpoint);
    const { status, json } = await boundedExchange(tokenEndpoint, {
      method: "POST",
      headers: { ...headers, Accept: "application/json" },
      body: new URLSearchParams({
        grant_type: "authorization_code",
        code,
        redirect_uri: redirectUri,
        code_verifier: verifier,
        ...parameters,
      }),
    });
    const tokens = tokensSchema.safeParse(json);
    if (status === 200 && tokens.success) {
      const { access_token: accessToken, id_token: idToken, patient } = tokens.data;
      return { accessToken, idToken, patient };
    }
    const refusal = refusalSchema.safeParse(json);
    if (!refusal.success) throw launchFault("smart-server-unavailable", `token-endpoint-${status}`);
    throw refusal.data.error === "invalid_grant"
      ? launchFault("smart-code-refused")
      : launchFault("smart-server-unavailable", refusal.data.error);
  }

  async patient({ iss }: LaunchingEmr, id: string, accessToken: string): Promise<unknown> {
    const { status, json } = await boundedExchange(`${iss}/Patient/${id}`, {
      headers: { Authorization: `Bearer ${accessToken}`, Accept: "application/fhir+json" },
    });
    if (status === 200) return json;
    if (status === 401 || status === 403 || status === 404 || status === 410)
      throw launchFault("smart-patient-unknown", `patient-${status}`);
    throw launchFault("smart-server-unavailable", `patient-${status}`);
  }

  private keep(iss: string, configuration: Promise<SmartConfiguration>, milliseconds: number): void {
    this.kept.set(iss, { configuration, until: this.now() + milliseconds });
  }
}

async function discover(iss: string): Promise<SmartConfiguration> {
  const { status, json }: Exchanged = await boundedExchange(`${iss}/.well-known/smart-configuration`, {
    headers: { Accept: "application/json" },
  });
  const found = configurationSchema.safeParse(json);
  if (status !== 200 || !found.success)
    throw launchFault("smart-server-unavailable", "smart-configuration-unreadable");
  const { authorization_endpoint, token_endpoint, issuer, jwks_uri } = found.data;
  return {
    authorizationEndpoint: authorization_endpoint,
    tokenEndpoint: token_endpoint,
    issuer,
    jwksUri: jwks_uri,
  };
}

/** How the client says who it is: Basic with a secret (RFC 6749 2.3.1), a signed assertion, or by its name alone. */
async function authenticated(
  { clientId, clientSecret, clientKey }: LaunchingEmr,
  tokenEndpoint: string,
): Promise<{ headers: Record<string, string>; parameters: Record<string, string> }> {
  if (clientKey !== undefined)
    return { headers: {}, parameters: await clientAssertion({ key: clientKey, clientId }, tokenEndpoint) };
  if (clientSecret === undefined) return { headers: {}, parameters: { client_id: clientId } };
  const pair = [clientId, clientSecret].map(formEncoded).join(":");
  return { headers: { Authorization: `Basic ${Buffer.from(pair).toString("base64")}` }, parameters: {} };
}

/** RFC 6749 appendix B */
function formEncoded(text: string): string {
  return new URLSearchParams({ "": text }).toString().slice(1);
}
