import { DescribedApi } from "./openapi.js";

const addresses = new Set<string>();
const found: string[] = [];
let described: DescribedApi | undefined;

/** An answer, or a request that was taken, is not as the API's description has it. */
class NotAsDescribed extends Error {
  override readonly name = "NotAsDescribed";
}

/**
 * Holds every request to this address and its answer against the API's description from now on, whoever of the test
 * sends it with `fetch`.
 * @param address of a stack
 */
export function holdToDescription(address: string): void {
  addresses.add(address);
  if (described !== undefined) return;
  const api = (described = new DescribedApi());
  const send = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const response = await send(input, init);
    const url = new URL(input instanceof Request ? input.url : String(input));
    const sent = sentBy(input, init);
    const isApi = addresses.has(url.origin) && /^\/(?:api|smart)\//.test(url.pathname);
    // nginx answers OPTIONS; HEAD is GET without a body.
    if (!isApi || sent.method === "OPTIONS" || sent.method === "HEAD") return response;
    const faults = api.faults({ url, ...sent, ...(await answered(response)) });
    if (faults.length === 0) return response;
    found.push(...faults);
    throw new NotAsDescribed(faults.join("\n"));
  };
}

/** Tests that ask again until something is so may not see a fault: whoever ends the stack does. */
export function insistOnDescription(): void {
  if (found.length > 0) throw new NotAsDescribed([...new Set(found.splice(0))].join("\n"));
}

function sentBy(input: string | URL | Request, init: RequestInit = {}) {
  const headers = new Headers(init.headers ?? (input instanceof Request ? input.headers : {}));
  const method = (init.method ?? (input instanceof Request ? input.method : "GET")).toUpperCase();
  const type = typeOf(headers);
  return { method, sent: { type, body: typeof init.body === "string" ? init.body : undefined } };
}

async function answered(response: Response) {
  const type = typeOf(response.headers);
  const isJson = /[/+]json$/.test(type);
  const body: unknown = isJson ? await response.clone().json() : undefined;
  return { status: response.status, type, body };
}

function typeOf(headers: Headers): string {
  return headers.get("content-type")?.split(";")[0]?.trim() ?? "";
}
