import { createHash, timingSafeEqual } from "node:crypto";
import { Router } from "express";
import { z } from "zod";
import { isOrthancId, type OrthancId } from "../dicom/uid.js";
import { ApiError } from "../error-response.js";
import { instanceArrived, type ArrivalDependencies } from "./instance-arrived.js";

/** Arrivals worked on at the same time; the others wait their turn. */
const AT_ONCE = 8;
const notificationSchema = z.object({ instance: z.string().refine(isOrthancId) });

/**
 * `POST /internal/arrival`: Orthanc's Lua script says that an instance was stored. Answered before the work begins:
 * Orthanc waits with its global Lua lock held, and a question back to it would wait for that lock (facts, 1).
 */
export function notificationRoutes(secret: string, dependencies: ArrivalDependencies): Router {
  const expected = sha256(secret);
  const told: OrthancId[] = [];
  let following = 0;
  const follow = async (): Promise<void> => {
    if (following >= AT_ONCE) return;
    following += 1;
    for (let instance = told.shift(); instance !== undefined; instance = told.shift()) {
      await instanceArrived(instance, dependencies).catch((error: unknown) => {
        // The change feed finds it within a second.
        dependencies.log.warn({ err: error, instance }, "notification not followed");
      });
    }
    following -= 1;
  };
  const router = Router();
  router.post("/arrival", (request, response) => {
    const given = request.headers["x-neuronova-secret"];
    if (typeof given !== "string" || !timingSafeEqual(sha256(given), expected)) {
      throw new ApiError(403, "forbidden", "The notification does not carry the shared secret.");
    }
    const notification = notificationSchema.safeParse(request.body);
    if (!notification.success)
      throw new ApiError(400, "request-malformed", 'A JSON body {"instance": <Orthanc id>} is needed.');
    response.status(202).end();
    told.push(notification.data.instance);
    void follow();
  });
  return router;
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
