/**
 * What a Retry-After asks for, in milliseconds: seconds, or a date (RFC 9110, 10.2.3).
 * @returns undefined when it says neither
 */
export function retryAfterOf(header: string | null | undefined, now: number): number | undefined {
  const text = header?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const date = /[A-Za-z]/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
