import type { JsonSchema } from "./json-schema.js";

const INDENT = "  ";

/** A schema as people read it, in the notation of TypeScript with the bounds as comments. */
export function typeText(schema: JsonSchema, indent = ""): string {
  const { $ref, allOf, anyOf, oneOf, type } = schema;
  if (typeof $ref === "string") return $ref.split("/").at(-1) ?? "";
  if ("const" in schema) return JSON.stringify(schema["const"]);
  if (Array.isArray(schema["enum"])) return schema["enum"].map((value) => JSON.stringify(value)).join(" | ");
  const joined = (schemas: readonly JsonSchema[], by: string) =>
    schemas.map((one) => typeText(one, indent)).join(by);
  if (allOf !== undefined) return joined(allOf as JsonSchema[], " & ");
  if (anyOf !== undefined || oneOf !== undefined) return joined((anyOf ?? oneOf) as JsonSchema[], " | ");
  if (type === "object") return objectText(schema, indent);
  if (type === "array") return arrayText(schema, indent);
  return typeof type === "string" ? type : "anything";
}

function objectText(schema: JsonSchema, indent: string): string {
  const {
    properties = {},
    required = [],
    additionalProperties,
  } = schema as {
    properties?: Record<string, JsonSchema>;
    required?: readonly string[];
    additionalProperties?: unknown;
  };
  const inner = indent + INDENT;
  const members = Object.entries(properties).map(([name, member]) => {
    const note = noteOf(member);
    return `${inner}${name}${required.includes(name) ? "" : "?"}: ${typeText(member, inner)};${note === "" ? "" : ` // ${note}`}`;
  });
  if (typeof additionalProperties === "object" && additionalProperties !== null)
    members.push(`${inner}[name]: ${typeText(additionalProperties as JsonSchema, inner)};`);
  return members.length === 0 ? "{}" : `{\n${members.join("\n")}\n${indent}}`;
}

function arrayText({ prefixItems, items }: JsonSchema, indent: string): string {
  if (Array.isArray(prefixItems))
    return `[${(prefixItems as JsonSchema[]).map((item) => typeText(item, indent)).join(", ")}]`;
  const item = typeText((items ?? {}) as JsonSchema, indent);
  return / [|&] /.test(item) && !item.startsWith("{") ? `(${item})[]` : `${item}[]`;
}

/** Bounds, form and meaning of a value, in a line. */
export function noteOf(schema: JsonSchema): string {
  const {
    description,
    format,
    pattern,
    default: usual,
  } = schema as { description?: string; format?: string; pattern?: string; default?: unknown };
  const bound = (name: string) => (typeof schema[name] === "number" ? schema[name] : undefined);
  const range = (least: number | undefined, most: number | undefined, of: string) =>
    least === undefined && most === undefined ? undefined : `${least ?? 0} to ${most ?? "any"}${of}`;
  const exclusiveMinimum = bound("exclusiveMinimum");
  return [
    description,
    format,
    pattern,
    exclusiveMinimum === undefined
      ? range(bound("minimum"), bound("maximum"), "")
      : `more than ${exclusiveMinimum}, to ${bound("maximum") ?? "any"}`,
    range(bound("minLength"), bound("maxLength"), " characters"),
    range(bound("minItems"), bound("maxItems"), " items"),
    usual === undefined ? undefined : `default ${JSON.stringify(usual)}`,
  ]
    .filter((part) => part !== undefined)
    .join(", ");
}
