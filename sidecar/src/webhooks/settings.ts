import { z } from "zod";
import { networksSchema } from "../networks.js";
import { secret, setting } from "../setting.js";

/** Settings of outbound webhooks (docs/webhooks.md). */
export const WEBHOOK_SETTINGS = {
  NEURONOVA_WEBHOOK_KEY: secret(
    z.string().min(32, { error: "must have at least 32 characters" }).optional(),
    "Seals the secrets of webhooks in the database; the roles api and delivery need the same. Without it there are no webhooks (docs/webhooks.md).",
    "…",
  ),
  NEURONOVA_WEBHOOK_NETWORKS: setting(
    networksSchema(""),
    "Addresses or networks that webhooks may reach though they are not public, by http too.",
    "10.20.0.0/16",
  ),
  NEURONOVA_WEBHOOK_GIVE_UP_HOURS: setting(
    z.coerce.number().min(0.001).max(8_760).default(72),
    "A webhook that has failed for this long is disabled; what waits for it becomes failed deliveries.",
    "72",
  ),
} as const;
