/** A ticket is kept beyond its time, so that who comes late is told so. */
const TICKET_KEPT_SECONDS = 3_600;

/** Each launch has its own ticket: a clinician opens two charts at a time. */
function ticketName(state: string): string {
  return `neuronova_launch_${state.slice(0, 12)}`;
}

/** SameSite=Lax: the EMR's page leads back here by a link, from its own site. */
export function ticketCookie(state: string, sealed: string): string {
  const seconds = sealed === "" ? 0 : TICKET_KEPT_SECONDS;
  return `${ticketName(state)}=${sealed}; Path=/smart; HttpOnly; Secure; SameSite=Lax; Max-Age=${seconds}`;
}

export function ticketIn(header: string | undefined, state: string): string | undefined {
  return cookieIn(header, ticketName(state));
}

const SESSION = "neuronova_launched";

/** One for each launched session, sent to that session's addresses alone: two charts in two tabs are two sessions. */
export function sessionCookie(sessionId: string, secret: string, maxAgeSeconds: number): string {
  return `${SESSION}=${secret}; Path=/api/launches/${sessionId}; HttpOnly; Secure; SameSite=Strict; Max-Age=${maxAgeSeconds}`;
}

export function sessionSecretIn(header: string | undefined): string | undefined {
  return cookieIn(header, SESSION);
}

function cookieIn(header: string | undefined, name: string): string | undefined {
  const pair = header
    ?.split(";")
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${name}=`));
  const value = pair?.slice(name.length + 1);
  return value === "" ? undefined : value;
}
