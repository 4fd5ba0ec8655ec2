import { ApiError } from "../error-response.js";
import type { Access } from "./access.js";

/** What a fault means for the access it ends: refused, or not done. */
export function refusalOf(error: unknown): Pick<Access, "outcome" | "reason"> {
  if (!(error instanceof ApiError)) return { outcome: "failure", reason: codeOf(error) };
  const { status, code, facts } = error;
  // A study out of reach is a 404 in places; what is behind it says so.
  const denied = status === 401 || status === 403 || facts.reason !== undefined;
  return { outcome: denied ? "denied" : "failure", reason: facts.reason ?? code };
}

/** Tries to record; answers the fault when that is not possible. */
export async function unrecorded(record: () => Promise<unknown> | undefined): Promise<unknown> {
  try {
    await record();
    return undefined;
  } catch (error) {
    return error;
  }
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && /^[a-z-]{1,64}$/.test(code) ? code : "internal-error";
}
