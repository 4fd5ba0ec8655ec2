import { launchFault } from "../../smart-launch/launch-fault.js";

const TIMEOUT_MILLISECONDS = 10_000;
/** A Patient with its photograph may be large; more than that is no answer to a launch. */
const MOST_BYTES = 8_000_000;

export interface Exchanged {
  readonly status: number;
  /** undefined: not JSON. */
  readonly json: unknown;
}

/**
 * One exchange with an EMR: to this address and no other (redirects are not followed), within a time and a size.
 * @throws ApiError 503 `smart-server-unavailable`
 */
export async function boundedExchange(address: string, init: RequestInit): Promise<Exchanged> {
  try {
    const response = await fetch(address, {
      ...init,
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    });
    return { status: response.status, json: parsed(await textOf(response)) };
  } catch {
    throw launchFault("smart-server-unavailable");
  }
}

async function textOf(response: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += piece.byteLength;
    if (length > MOST_BYTES) throw new RangeError("the answer is too large");
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
