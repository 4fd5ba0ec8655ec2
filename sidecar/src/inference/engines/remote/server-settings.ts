import { z } from "zod";
import { json, secret } from "../../../setting.js";

/**
 * How the inference server of a model is reached, where the manifest's address is not the one, or something secret is
 * needed. The address stands beside the token: a token goes nowhere that a model bundle names.
 */
const server = z.strictObject({
  url: z.url({ protocol: /^https?$/, error: "must be a URL starting with http:// or https://" }),
  /** Sent as `Authorization: Bearer`. */
  token: z
    .string()
    .regex(/^[\x21-\x7e]+$/, "has characters that no token has")
    .optional(),
  /** PEM: certificates that the server's is signed by, instead of the well-known ones. */
  ca: z.string().includes("-----BEGIN CERTIFICATE-----").optional(),
});

export type ServerSetting = z.infer<typeof server>;

export const REMOTE_INFERENCE_SETTINGS = {
  NEURONOVA_INFERENCE_SERVERS: secret(
    json("{}").pipe(z.record(z.string().regex(/^[a-z][a-z0-9_]{0,31}$/, "is the name of a model"), server)),
    "Servers of remote models, by model name, instead of the address in the model's manifest: JSON with `url`, and `token` and `ca` where needed (docs/engines.md).",
    '{"tumor_detection":{"url":"https://triton.example.org:8000","token":"…"}}',
  ),
} as const;
