import { ApiError } from "../error-response.js";

/** Every way a launch can end; docs/errors.md says what each means, the page of it says what to do. */
const FAULTS = {
  "smart-issuer-unknown": [403, "Launches of this EMR are not taken here."],
  "smart-state-invalid": [400, "This browser did not begin the launch, or it was finished before."],
  "smart-launch-expired": [400, "The login at the EMR took too long: launch again from the EMR."],
  "smart-launch-used": [400, "This launch was used before: launch again from the EMR."],
  "smart-denied": [403, "At the EMR, access was denied."],
  "smart-refused": [403, "The EMR refused the launch."],
  "smart-code-refused": [403, "The EMR does not take the code: it is over, or was used before."],
  "smart-user-unknown": [403, "The EMR does not say in a way that can be verified who launches."],
  "smart-role-unknown": [403, "What this person is at the EMR has no role here."],
  "smart-patient-missing": [403, "The EMR does not say whose chart is open."],
  "smart-patient-unknown": [403, "The EMR's patient has no identifier that images go by, or more than one."],
  "smart-server-unavailable": [503, "The EMR does not answer, or not in a way that can be read."],
} as const satisfies Readonly<Record<string, readonly [number, string]>>;
export type LaunchFaultCode = keyof typeof FAULTS;

/** @param reason what auditors are told beside the code */
export function launchFault(code: LaunchFaultCode, reason: string = code): ApiError {
  const [status, detail] = FAULTS[code];
  return new ApiError(status, code, detail, {}, { reason });
}
