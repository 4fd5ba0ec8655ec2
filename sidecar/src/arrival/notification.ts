import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { isOrthancId, type OrthancId } from "../dicom/uid.js";
import { ApiError, sendProblem } from "../error-response.js";
import { readTraceparent, type TraceContext } from "../tracing/trace-context.js";
import { instancesArrived, type ArrivalDependencies } from "./instances-arrived.js";

export const NOTIFICATION_PATH = "/internal/arrival";
/** `{"instance":"<44 characters>"}` with room to spare. */
const LARGEST_BODY = 256;
/**
 * After a batch: what is told in this time is recorded together. Longer after a large one: when thousands of images come
 * in, receiving them is what the machine is needed for.
 */
const PACE = { milliseconds: 100, ofEachInstance: 20, longest: 1_000 };

/**
 * `POST /internal/arrival`: Orthanc's Lua script says that an instance was stored. Answered before the work begins:
 * Orthanc waits with its global Lua lock held, and a question back to it would wait for that lock (facts, 1).
 * One comes with every image, so it passes Express by.
 */
export function notificationReceiver(
  secret: string,
  dependencies: ArrivalDependencies,
): (request: IncomingMessage, response: ServerResponse) => void {
  const expected = sha256(secret);
  const follow = follower(dependencies);
  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== "POST")
      throw new ApiError(405, "method-not-allowed", "Notifications are posted.", { Allow: "POST" });
    const given = request.headers["x-neuronova-secret"];
    if (typeof given !== "string" || !timingSafeEqual(sha256(given), expected)) {
      throw new ApiError(403, "forbidden", "The notification does not carry the shared secret.");
    }
    const instance = instanceOf(await bodyOf(request));
    response.writeHead(202, { "Content-Length": 0 }).end();
    follow(instance, readTraceparent(request.headers["traceparent"]));
  };
  return (request, response) => {
    receive(request, response).catch((error: unknown) => sendProblem(response, error, dependencies.log));
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

function instanceOf(body: string): OrthancId {
  let instance: unknown;
  try {
    instance = (JSON.parse(body) as { instance?: unknown } | null)?.instance;
  } catch {
    // Told below like anything else that is not a notification.
  }
  if (typeof instance !== "string" || !isOrthancId(instance))
    throw new ApiError(400, "request-malformed", 'A JSON body {"instance": <Orthanc id>} is needed.');
  return instance;
}

/** What is told while earlier arrivals are being recorded is recorded together after them. */
function follower(
  dependencies: ArrivalDependencies,
): (instance: OrthancId, trace: TraceContext | undefined) => void {
  let told = new Map<OrthancId, TraceContext | undefined>();
  let following = false;
  const follow = async (): Promise<void> => {
    following = true;
    while (told.size > 0) {
      const batch = told;
      told = new Map();
      const traces = new Map([...batch].flatMap(([id, trace]) => (trace === undefined ? [] : [[id, trace]])));
      await instancesArrived([...batch.keys()], dependencies, traces).catch((error: unknown) => {
        // The change feed finds them within a second.
        dependencies.log.warn({ err: error, instances: batch.size }, "notifications not followed");
      });
      await pause(Math.min(PACE.longest, Math.max(PACE.milliseconds, PACE.ofEachInstance * batch.size)));
    }
    following = false;
  };
  return (instance, trace) => {
    told.set(instance, trace);
    if (!following) void follow();
  };
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
