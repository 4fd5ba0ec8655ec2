import { createHash, randomBytes, randomUUID } from "node:crypto";
import { ACCESS_TOKEN_SECONDS, type AccessTokens } from "../authorization/access-token.js";
import { keysOf } from "../authorization/provider-keys.js";
import type { JWTVerifyGetKey } from "jose";
import { ApiError } from "../error-response.js";
import { launchFault } from "./launch-fault.js";
import type { LaunchingEmr } from "./launch-settings.js";
import { newTicket, TICKET_SECONDS, type LaunchTicket, type LaunchTickets } from "./launch-ticket.js";
import type { LaunchedSession, LaunchedSessionStore } from "./launched-session-store.js";
import { launchedUser } from "./launched-user.js";
import { patientIdOf } from "./patient-id.js";
import type { SmartConfiguration, SmartServers } from "./smart-server.js";

export interface LaunchDependencies {
  readonly emrs: readonly LaunchingEmr[];
  readonly servers: SmartServers;
  readonly store: LaunchedSessionStore;
  readonly tickets: LaunchTickets;
  readonly tokens: Pick<AccessTokens, "sign">;
  /** `https://…/smart/callback`; undefined while this program does not know its own address. */
  readonly redirectUri: string | undefined;
  /** Has every process look identities up again. */
  readonly changed: () => void;
}

/** What came back from the EMR (RFC 6749 4.1.2, RFC 9207). */
export interface LaunchAnswer {
  readonly state: string;
  readonly code: string | undefined;
  readonly error: string | undefined;
  readonly iss: string | undefined;
}

/** What the page of a launched session goes on with. */
export interface LaunchedAccess {
  readonly accessToken: string;
  readonly tokenType: "Bearer";
  readonly expiresInSeconds: number;
  readonly displayName: string;
  readonly role: string;
  readonly patientId: string;
  readonly sessionExpiresAt: Date;
}

const RESOURCE_ID = /^[A-Za-z0-9.-]{1,64}$/;

/** SMART App Launch 2.2, EHR launch: an EMR opens the workspace for one person and the patient of the open chart. */
export class Launches {
  private readonly keys = new Map<string, JWTVerifyGetKey>();

  constructor(private readonly dependencies: LaunchDependencies) {}

  /**
   * Begins a launch: where the browser is sent, and the ticket it has to bring back from there.
   * @param iss only an EMR of the settings is ever asked for anything
   * @throws ApiError 403 `smart-issuer-unknown`, 503 `smart-server-unavailable`, `not-configured`
   */
  async begin(iss: string, launch: string): Promise<{ address: string; state: string; sealed: string }> {
    const redirectUri = this.redirectUri();
    const emr = this.emrOf(iss.replace(/\/+$/, ""));
    const { authorizationEndpoint } = await this.dependencies.servers.configurationOf(emr);
    const ticket = newTicket(emr.iss);
    const address = new URL(authorizationEndpoint);
    const question = {
      response_type: "code",
      client_id: emr.clientId,
      redirect_uri: redirectUri,
      scope: emr.scope,
      launch,
      aud: emr.iss,
      state: ticket.state,
      nonce: ticket.nonce,
      code_challenge: sha256(ticket.verifier, "base64url"),
      code_challenge_method: "S256",
    };
    for (const [name, value] of Object.entries(question)) address.searchParams.set(name, value);
    return {
      address: address.href,
      state: ticket.state,
      sealed: await this.dependencies.tickets.seal(ticket),
    };
  }

  /**
   * Ends a launch: who it is, which patient, and a session for just that.
   * @param sealed the ticket the browser brings back
   * @returns the session and its secret
   * @throws ApiError as launch-fault.ts lists them
   */
  async finish(
    answer: LaunchAnswer,
    sealed: string | undefined,
  ): Promise<{ session: LaunchedSession; secret: string }> {
    const ticket = await this.ticketOf(answer.state, sealed);
    const emr = this.emrOf(ticket.iss);
    const { servers, store } = this.dependencies;
    if (!(await store.useLaunch(sha256(ticket.state), inSeconds(TICKET_SECONDS))))
      throw launchFault("smart-launch-used");
    const code = codeOf(answer);
    const configuration = await servers.configurationOf(emr);
    const issuer = issuerOf(emr, configuration);
    if (answer.iss !== undefined && answer.iss !== issuer)
      throw launchFault("smart-refused", "issuer-differs");
    const redirectUri = this.redirectUri();
    const tokens = await servers.exchangeCode(emr, { code, verifier: ticket.verifier, redirectUri });
    const keys = this.keysOf(issuer, emr.jwksUri ?? configuration.jwksUri);
    const user = await launchedUser(tokens.idToken, emr, { issuer, keys, nonce: ticket.nonce });
    if (tokens.patient === undefined || !RESOURCE_ID.test(tokens.patient))
      throw launchFault("smart-patient-missing");
    const resource = await servers.patient(emr, tokens.patient, tokens.accessToken);
    const patient = patientIdOf(resource, tokens.patient, emr);
    const secret = randomBytes(32).toString("base64url");
    const { labels, sessionSeconds } = emr;
    const session = { ...user, id: randomUUID(), labels, patient, expiresAt: inSeconds(sessionSeconds) };
    await store.add(session, sha256(secret));
    return { session, secret };
  }

  /**
   * Another access token for whoever has the session's secret, while it lasts.
   * @throws ApiError 401 `launch-over`
   */
  async renew(
    id: string,
    secret: string | undefined,
  ): Promise<{ session: LaunchedSession; access: LaunchedAccess }> {
    const session = await this.sessionOf(id, secret);
    if (session === null)
      throw new ApiError(
        401,
        "launch-over",
        "The session that the EMR opened is over: launch again from the EMR.",
      );
    const left = Math.floor((session.expiresAt.getTime() - Date.now()) / 1_000);
    const seconds = Math.max(1, Math.min(ACCESS_TOKEN_SECONDS, left));
    const subject = `launch:${session.id}`;
    const { displayName, role, patient, expiresAt } = session;
    return {
      session,
      access: {
        accessToken: await this.dependencies.tokens.sign({ subject, version: 0, sessionId: null, seconds }),
        tokenType: "Bearer",
        expiresInSeconds: seconds,
        displayName,
        role,
        patientId: patient.patientId,
        sessionExpiresAt: expiresAt,
      },
    };
  }

  /**
   * Ends a session, for whoever has its secret: its access tokens too.
   * @returns whose it was; null when there was none
   */
  async end(id: string, secret: string | undefined): Promise<LaunchedSession | null> {
    const session = await this.sessionOf(id, secret);
    if (session === null) return null;
    await this.dependencies.store.end(id);
    this.dependencies.changed();
    return session;
  }

  private async sessionOf(id: string, secret: string | undefined): Promise<LaunchedSession | null> {
    return secret === undefined ? null : this.dependencies.store.findBySecret(id, sha256(secret));
  }

  private async ticketOf(state: string, sealed: string | undefined): Promise<LaunchTicket> {
    const ticket = sealed === undefined ? undefined : await this.dependencies.tickets.open(sealed);
    if (ticket === "expired") throw launchFault("smart-launch-expired");
    if (ticket?.state !== state) throw launchFault("smart-state-invalid");
    return ticket;
  }

  private emrOf(iss: string): LaunchingEmr {
    const emr = this.dependencies.emrs.find((known) => known.iss === iss);
    if (emr === undefined) throw launchFault("smart-issuer-unknown");
    return emr;
  }

  private redirectUri(): string {
    const { redirectUri } = this.dependencies;
    if (redirectUri === undefined)
      throw new ApiError(
        503,
        "not-configured",
        "NEURONOVA_PUBLIC_URL is not set: the EMR has nowhere to lead back to.",
      );
    return redirectUri;
  }

  private keysOf(issuer: string, jwksUri: string | undefined): JWTVerifyGetKey {
    const from = jwksUri ?? issuer;
    const keys = this.keys.get(from) ?? keysOf({ issuer, jwksUri, jwks: undefined });
    this.keys.set(from, keys);
    return keys;
  }
}

function codeOf({ code, error }: LaunchAnswer): string {
  if (error === "access_denied") throw launchFault("smart-denied");
  if (error !== undefined)
    throw launchFault("smart-refused", /^[a-z_]{1,40}$/.test(error) ? error : undefined);
  if (code === undefined || code === "") throw launchFault("smart-refused", "code-missing");
  return code;
}

/** @throws ApiError 503: neither the server nor the settings say who signs its ID tokens */
function issuerOf(emr: LaunchingEmr, configuration: SmartConfiguration): string {
  const issuer = emr.issuer ?? configuration.issuer;
  if (issuer === undefined) throw launchFault("smart-server-unavailable", "issuer-unknown");
  return issuer;
}

function inSeconds(seconds: number): Date {
  return new Date(Date.now() + seconds * 1_000);
}

function sha256(text: string, encoding: "hex" | "base64url" = "hex"): string {
  return createHash("sha256").update(text).digest(encoding);
}
