import { randomBytes } from "node:crypto";
import { once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import { Provider, type KoaContextWithOIDC } from "oidc-provider";

/** Naming system of the identifiers that images go by. */
export const PATIENT_ID_SYSTEM = "urn:oid:1.2.410.200000.1";
export const CLIENT_SECRET = randomBytes(24).toString("base64url");
const SCOPE = "openid fhirUser launch patient/Patient.read";
/** How the client says who it is, by the base of the FHIR API that it launches from. */
export const BASES = { public: "/public/fhir", secret: "/secret/fhir", key: "/key/fhir" } as const;
type Base = keyof typeof BASES;

interface LaunchedCode {
  readonly launch: string;
}

/**
 * An EMR with a real OpenID provider, at whose pages people log in, and a FHIR API with its patients; on localhost, which
 * is another site than the 127.0.0.1 of the stack. It opens charts: a launch is the id of a patient.
 */
export class LaunchingEmr {
  origin = "";
  /** Requests by path. */
  readonly asked: string[] = [];
  /** Access and ID tokens it ever gave. */
  readonly given: string[] = [];
  /** What each launch stands for; the launch itself where nothing is said. */
  readonly contexts = new Map<string, string | undefined>();
  readonly patients = new Map<string, object>();
  isAway = false;
  private answer: RequestListener | undefined;
  private provider: Provider | undefined;
  private readonly launches = new Map<string, LaunchedCode>();

  private constructor(
    private readonly server: Server,
    private readonly people: Readonly<Record<string, Record<string, unknown>>>,
    private readonly clientKey: { readonly privateKey: JWK; readonly publicKey: JWK },
  ) {
    server.on("request", (request, response) => {
      this.asked.push(request.url ?? "");
      if (this.isAway) response.writeHead(503).end();
      else if (/^\/(?:public|secret|key)\/fhir\//.test(request.url ?? "")) void this.fhir(request, response);
      else this.answer?.(request, response);
    });
  }

  /** @param people claims of each person's ID token, by login name */
  static async start(people: Readonly<Record<string, Record<string, unknown>>>): Promise<LaunchingEmr> {
    const server = createServer().listen(0, "localhost");
    await once(server, "listening");
    const named = { kid: "launching", alg: "ES384" };
    const pair = await generateKeyPair("ES384", { extractable: true });
    const emr = new LaunchingEmr(server, people, {
      privateKey: { ...(await exportJWK(pair.privateKey)), ...named },
      publicKey: { ...(await exportJWK(pair.publicKey)), ...named, use: "sig" },
    });
    emr.origin = `http://localhost:${(server.address() as AddressInfo).port}`;
    return emr;
  }

  /** What NEURONOVA_SMART_LAUNCH says of it: one EMR for each kind of client. */
  settings(rest: object = {}): object[] {
    const common = {
      roles: { Practitioner: "doctor", Patient: "patient" },
      patientIdSystem: PATIENT_ID_SYSTEM,
      ...rest,
    };
    return [
      { iss: this.origin + BASES.public, clientId: "launched-public", ...common },
      {
        iss: this.origin + BASES.secret,
        clientId: "launched-secret",
        clientSecret: CLIENT_SECRET,
        ...common,
      },
      {
        iss: this.origin + BASES.key,
        clientId: "launched-key",
        clientKey: this.clientKey.privateKey,
        ...common,
      },
    ];
  }

  /** Registers the program. @param redirectUri where browsers are led back to */
  async open(redirectUri: string): Promise<void> {
    const { privateKey } = await generateKeyPair("RS256", { extractable: true });
    const common = {
      redirect_uris: [redirectUri],
      grant_types: ["authorization_code"],
      response_types: ["code" as const],
      scope: SCOPE,
    };
    const provider = new Provider(this.origin, {
      clients: [
        { client_id: "launched-public", token_endpoint_auth_method: "none", ...common },
        {
          client_id: "launched-secret",
          client_secret: CLIENT_SECRET,
          token_endpoint_auth_method: "client_secret_basic",
          ...common,
        },
        {
          client_id: "launched-key",
          token_endpoint_auth_method: "private_key_jwt",
          token_endpoint_auth_signing_alg: "ES384",
          jwks: { keys: [this.clientKey.publicKey] },
          ...common,
        },
      ],
      scopes: SCOPE.split(" "),
      claims: { openid: ["sub"], fhirUser: ["fhirUser", "name", "job"] },
      conformIdTokenClaims: false,
      extraParams: ["launch", "aud"],
      pkce: { required: () => true },
      cookies: { keys: [randomBytes(16).toString("hex")] },
      jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: "emr", alg: "RS256", use: "sig" }] },
      enabledJWA: { clientAuthSigningAlgValues: ["ES384"] },
      findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ sub, ...this.people[sub] }) }),
      features: { devInteractions: { enabled: true } },
    });
    provider.use(async (context, next) => {
      await next();
      const { oidc } = context as unknown as Partial<KoaContextWithOIDC>;
      if (oidc === undefined) return;
      const { nonce, launch } = oidc.params ?? {};
      if (typeof nonce === "string" && typeof launch === "string") this.launches.set(nonce, { launch });
      const code = oidc.entities.AuthorizationCode;
      const tokens = context.body as Record<string, unknown> | undefined;
      if (oidc.route !== "token" || tokens?.["access_token"] === undefined) return;
      const launched = this.launches.get(code?.nonce ?? "")?.launch ?? "";
      const patient = this.contexts.has(launched) ? this.contexts.get(launched) : launched;
      if (patient !== undefined) tokens["patient"] = patient;
      this.given.push(
        ...[tokens["access_token"], tokens["id_token"]].filter((token) => typeof token === "string"),
      );
    });
    const answer = provider.callback();
    this.provider = provider;
    this.answer = (request, response) => void answer(request, response);
  }

  /** A patient's chart. @param identifiers by their system */
  admit(id: string, identifiers: readonly { system: string; value: string; use?: string }[]): void {
    this.patients.set(id, { resourceType: "Patient", id, identifier: identifiers });
  }

  /** Where the EMR sends a browser that opens a chart's images. */
  launchAddress(program: string, launch: string, base: Base = "public"): string {
    return `${program}/smart/launch?${new URLSearchParams({ iss: this.origin + BASES[base], launch }).toString()}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async fhir(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? "").replace(/^\/\w+\/fhir\//, "");
    const json = (status: number, body: object) =>
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
    if (path === ".well-known/smart-configuration") {
      json(200, {
        issuer: this.origin,
        jwks_uri: `${this.origin}/jwks`,
        authorization_endpoint: `${this.origin}/auth`,
        token_endpoint: `${this.origin}/token`,
        capabilities: ["launch-ehr", "context-ehr-patient", "sso-openid-connect"],
        code_challenge_methods_supported: ["S256"],
      });
      return;
    }
    const [, token = ""] = /^Bearer (.+)$/.exec(request.headers.authorization ?? "") ?? [];
    const known = await this.provider?.AccessToken.find(token);
    if (known === undefined) json(401, {});
    else json(this.patients.has(path.slice(8)) ? 200 : 404, this.patients.get(path.slice(8)) ?? {});
  }
}
