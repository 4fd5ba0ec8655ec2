import { z } from "zod";
import { httpBase, setting } from "../setting.js";

export const TRACE_SETTINGS = {
  NEURONOVA_OTLP_ENDPOINT: setting(
    httpBase.optional(),
    "OpenTelemetry collector that gets traces by OTLP/HTTP, at `/v1/traces` below it (docs/observability.md); without it there are none.",
    "http://collector:4318",
  ),
  NEURONOVA_TRACE_RATIO: setting(
    z.coerce.number().min(0).max(1).default(1),
    "Share of the traces beginning here that are recorded, 0 to 1; whoever sends a `traceparent` decides about theirs.",
    "0.1",
  ),
} as const;
