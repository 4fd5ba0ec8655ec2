import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { isOrthancId, type OrthancId } from "../dicom/uid.js";
import { ApiError, sendProblem } from "../error-response.js";
import type { Logger } from "../log.js";
import { readTraceparent, type TraceContext } from "../tracing/trace-context.js";

export const NOTIFICATION_PATH = "/internal/arrival";
/** Five hundred of `"<44 characters>",` with room to spare. */
const LARGEST_BODY = 32_768;

export interface NotificationDependencies {
  /** @param trace of the last of them */
  readonly stored: (instances: readonly OrthancId[], trace: TraceContext | undefined) => void;
  readonly log: Logger;
}

/**
 * `POST /internal/arrival`: Orthanc's Lua script says that instances were stored. Answered before the work begins:
 * Orthanc waits with its global Lua lock held, and a question back to it would wait for that lock (facts, 1).
 * While that lock is held Orthanc answers nobody, so it passes Express by.
 */
export function notificationReceiver(
  secret: string,
  { stored, log }: NotificationDependencies,
): (request: IncomingMessage, response: ServerResponse) => void {
  const expected = sha256(secret);
  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== "POST")
      throw new ApiError(405, "method-not-allowed", "Notifications are posted.", { Allow: "POST" });
    const given = request.headers["x-neuronova-secret"];
    if (typeof given !== "string" || !timingSafeEqual(sha256(given), expected)) {
      throw new ApiError(403, "forbidden", "The notification does not carry the shared secret.");
    }
    const instances = instancesOf(await bodyOf(request));
    response.writeHead(202, { "Content-Length": 0 }).end();
    stored(instances, readTraceparent(request.headers["traceparent"]));
  };
  return (request, response) => {
    receive(request, response).catch((error: unknown) => sendProblem(response, error, log));
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request as AsyncIterable<Buffer>) {
    body += chunk.toString("latin1");
    if (body.length > LARGEST_BODY)
      throw new ApiError(413, "body-too-large", "The body is larger than is taken here.");
  }
  return body;
}

/** The script of the last version names one instance. */
function instancesOf(body: string): readonly OrthancId[] {
  let told: unknown;
  try {
    told = JSON.parse(body);
  } catch {
    // Told below like anything else that is not a notification.
  }
  const { instance, instances = [instance] } = (told ?? {}) as { instance?: unknown; instances?: unknown };
  if (!Array.isArray(instances) || instances.length === 0 || !instances.every(isId))
    throw new ApiError(400, "request-malformed", 'A JSON body {"instances": [<Orthanc id>, …]} is needed.');
  return instances;
}

function isId(value: unknown): value is OrthancId {
  return typeof value === "string" && isOrthancId(value);
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
