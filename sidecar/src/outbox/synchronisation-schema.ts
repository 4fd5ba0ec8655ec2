import { z } from "zod";
import { instant } from "../openapi/values.js";
import { DESTINATIONS } from "./message.js";

/** How far a destination is with one subject, as it is answered. */
export const synchronisation = z
  .object({
    destination: z.enum(DESTINATIONS),
    state: z.enum(["waiting", "synchronised", "failed"]),
    synchronisedAt: instant.optional().meta({ description: "When it was brought there last, if ever" }),
    waitingSince: instant.optional(),
    code: z.string().optional(),
    reason: z.string().optional(),
  })
  .meta({ id: "Synchronisation" });
