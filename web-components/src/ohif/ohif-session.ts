import { Session } from "../session/session.js";

/** A token ends after some minutes; OHIF asks for the header of each request without waiting. */
const LOOK_MILLISECONDS = 10_000;
/** OHIF does not say which token a refused request had: so long after a new one a refusal is taken to be of the former. */
const LATE_MILLISECONDS = 10_000;

/** The workspace's session as OHIF uses it. */
export interface OhifSession {
  /** Headers of a request, at once. */
  readonly authorization: () => Record<string, string>;
  /** A refused request has the token looked at again. */
  readonly onHttpError: (request: { readonly status?: number }) => void;
}

/** Goes on with the session of the workspace; without one the workspace is shown, where the login is. */
export async function openSession(
  session = new Session(),
  leave: () => void = () => {
    window.location.assign("/");
  },
  now: () => number = Date.now,
): Promise<OhifSession> {
  let token = "";
  let replacedAt = -Infinity;
  const renew = async (reason: "initial" | "refused"): Promise<void> => {
    try {
      const given = await session.provider(reason);
      if (token !== "" && given !== token) replacedAt = now();
      token = given;
    } catch {
      // The session has ended, or nothing answers: the requests that follow say which.
    }
  };
  if (!(await session.resume())) {
    leave();
    // The page goes away; nothing of OHIF starts on it.
    await new Promise(() => undefined);
  }
  await renew("initial");
  setInterval(() => void renew("initial"), LOOK_MILLISECONDS);
  return {
    authorization: () => ({ Authorization: `Bearer ${token}` }),
    onHttpError: ({ status }) => {
      if (status === 401 && now() - replacedAt >= LATE_MILLISECONDS) void renew("refused");
    },
  };
}
