import { z } from "zod";
import { file } from "./basics.js";

const timeoutMilliseconds = z.number().int().min(100).max(600_000);

/** A model on a server; the server's address may be overridden by a setting. */
const remote = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  /** As the server names it. */
  model: z.string().regex(/^[A-Za-z0-9._-]{1,128}$/),
  version: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/)
    .optional(),
  timeoutMilliseconds: timeoutMilliseconds.optional(),
});

/** What runs the network, from which files; each is told by `format`. */
export const runtimes = [
  {
    engine: z.literal("tensorflow"),
    format: z.literal("tfjs-layers"),
    files: z.strictObject({ topology: file, weights: file }),
  },
  {
    engine: z.literal("tensorflow"),
    format: z.literal("tfjs-graph"),
    files: z.strictObject({ topology: file, weights: z.array(file).min(1) }),
  },
  { engine: z.literal("onnx"), format: z.literal("onnx"), files: z.strictObject({ network: file }) },
  { engine: z.literal("remote"), format: z.literal("open-inference"), files: z.strictObject({}), remote },
  { engine: z.literal("remote"), format: z.literal("tensorflow-serving"), files: z.strictObject({}), remote },
] as const;
