import type { LaunchingEmr } from "./launch-settings.js";

/** What a FHIR server says of its authorization server (SMART App Launch 2.2, `.well-known/smart-configuration`). */
export interface SmartConfiguration {
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  /** `iss` of its ID tokens, and where their keys are: not every server says so. */
  readonly issuer: string | undefined;
  readonly jwksUri: string | undefined;
}

/** What the token endpoint answers a launch with. None of it leaves this process. */
export interface LaunchTokens {
  readonly accessToken: string;
  readonly idToken: string | undefined;
  /** The EMR's own id of the patient whose chart is open. */
  readonly patient: string | undefined;
}

/** The EMRs that launches come from, as they are spoken to. */
export interface SmartServers {
  /** @throws ApiError 503 `smart-server-unavailable` */
  configurationOf(emr: LaunchingEmr): Promise<SmartConfiguration>;
  /** @throws ApiError 403 `smart-code-refused`, 503 `smart-server-unavailable` */
  exchangeCode(
    emr: LaunchingEmr,
    request: { readonly code: string; readonly verifier: string; readonly redirectUri: string },
  ): Promise<LaunchTokens>;
  /**
   * The resource, as the EMR answers it to that token.
   * @throws ApiError 403 `smart-patient-unknown`, 503 `smart-server-unavailable`
   */
  patient(emr: LaunchingEmr, id: string, accessToken: string): Promise<unknown>;
}
