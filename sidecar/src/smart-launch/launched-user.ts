import { jwtVerify, type JWTPayload, type JWTVerifyGetKey } from "jose";
import { claimAt, roleIn, textsIn } from "../authorization/claims.js";
import { LONGEST_EXTERNAL_TOKEN } from "../authorization/external-tokens.js";
import { SUBJECT } from "../authorization/external-identity.js";
import type { UserRole } from "../authorization/permissions.js";
import { shapeOf } from "../authorization/token-shape.js";
import { ApiError } from "../error-response.js";
import { launchFault } from "./launch-fault.js";
import type { LaunchingEmr } from "./launch-settings.js";

export interface LaunchedUser {
  /** `oidc:<issuer>#<sub>` */
  readonly subject: string;
  readonly displayName: string;
  readonly role: UserRole;
}

const CLOCK_TOLERANCE_SECONDS = 30;
/** `fhirUser` is the address of a resource (SMART App Launch 2.2, Scopes for requesting identity data). */
const FHIR_USER =
  /(?:^|\/)(Practitioner|PractitionerRole|Patient|RelatedPerson|Person)\/[A-Za-z0-9.-]{1,64}$/;

/**
 * Who launched, by the EMR's ID token (OpenID Connect Core 3.1.3.7), and the role they have here.
 * @throws ApiError 403 `smart-user-unknown`, `smart-role-unknown`; 503 `identity-provider-unavailable`
 */
export async function launchedUser(
  idToken: string | undefined,
  emr: LaunchingEmr,
  {
    issuer,
    keys,
    nonce,
  }: { readonly issuer: string; readonly keys: JWTVerifyGetKey; readonly nonce: string },
): Promise<LaunchedUser> {
  if (idToken === undefined) throw launchFault("smart-user-unknown", "id-token-missing");
  const claims = await verified(idToken, emr, issuer, keys);
  if (claims["nonce"] !== nonce) throw launchFault("smart-user-unknown", "nonce-differs");
  const { sub = "" } = claims;
  if (!SUBJECT.test(sub)) throw launchFault("smart-user-unknown", "subject-unreadable");
  const role = roleIn(emr.roles, whatIsSaid(claims, emr));
  if (role === null) throw launchFault("smart-role-unknown");
  const name = claimAt(claims, emr.nameClaim);
  return {
    subject: `oidc:${issuer}#${sub}`,
    displayName: (typeof name === "string" && name !== "" ? name : sub).slice(0, 255),
    role,
  };
}

async function verified(
  idToken: string,
  { algorithms, clientId }: LaunchingEmr,
  issuer: string,
  keys: JWTVerifyGetKey,
): Promise<JWTPayload> {
  try {
    shapeOf(idToken, LONGEST_EXTERNAL_TOKEN);
    const { payload } = await jwtVerify(idToken, keys, {
      algorithms,
      issuer,
      audience: clientId,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      requiredClaims: ["exp", "iat", "sub"],
    });
    // Of several audiences, who asked is the authorized party.
    if (Array.isArray(payload.aud) && payload.aud.length > 1 && payload["azp"] !== clientId)
      throw launchFault("smart-user-unknown", "authorized-party-differs");
    return payload;
  } catch (error) {
    if (error instanceof ApiError && error.code !== "token-invalid") throw error;
    throw launchFault("smart-user-unknown", "id-token-invalid");
  }
}

function whatIsSaid(claims: JWTPayload, { roleClaim }: LaunchingEmr): string[] {
  if (roleClaim !== undefined) return textsIn(claimAt(claims, roleClaim));
  const [, resource] = FHIR_USER.exec(textsIn(claims["fhirUser"])[0] ?? "") ?? [];
  return resource === undefined ? [] : [resource];
}
