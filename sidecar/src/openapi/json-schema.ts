import { z } from "zod";

/** JSON Schema 2020-12, as OpenAPI 3.1 takes it. */
export type JsonSchema = Readonly<Record<string, unknown>>;
type Node = Record<string, unknown>;

/** Schemas by their `id`, which become components. */
export type Components = Map<string, JsonSchema>;

/** What a request may hold, as it is checked. Rules that no JSON Schema can say are left to the description. */
export function requestSchema(schema: z.ZodType, components: Components): JsonSchema {
  return converted(schema, components, (node) => node);
}

/**
 * What an answer holds. Members that a request may leave out, for which there is a default, are there in an answer. A
 * later version may answer further members: the objects are open.
 */
export function answerSchema(schema: z.ZodType, components: Components): JsonSchema {
  return converted(schema, components, opened);
}

function converted(schema: z.ZodType, components: Components, change: (node: Node) => Node): JsonSchema {
  // Within another schema a schema with an id is referred to, by itself it is not.
  const {
    properties = {},
    $defs = {},
  }: { properties?: Record<string, unknown>; $defs?: Record<string, unknown> } = z.toJSONSchema(
    z.object({ schema }),
    { target: "draft-2020-12", io: "input", unrepresentable: "any", override: simplify },
  );
  for (const [name, definition] of Object.entries($defs)) {
    const component = without(mapped(definition, change) as Node, "id");
    const known = components.get(name);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(component))
      throw new Error(`two schemas have the id ${name}`);
    components.set(name, component);
  }
  return mapped(properties["schema"], change) as JsonSchema;
}

/**
 * Leaves out what says nothing: the bounds of whole numbers in JavaScript, the pattern of a format. Says defaults also
 * where the text is changed before it is taken.
 */
function simplify({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodType; jsonSchema: Node }): void {
  const { def } = zodSchema._zod as z.core.$ZodTypes["_zod"];
  if (def.type === "default") jsonSchema["default"] ??= def.defaultValue;
  if (jsonSchema["maximum"] === Number.MAX_SAFE_INTEGER) delete jsonSchema["maximum"];
  if (jsonSchema["minimum"] === Number.MIN_SAFE_INTEGER) delete jsonSchema["minimum"];
  if (jsonSchema["default"] === Number.MAX_SAFE_INTEGER) delete jsonSchema["default"];
  if (jsonSchema["format"] !== undefined) delete jsonSchema["pattern"];
  delete jsonSchema["propertyNames"];
  if (def.type === "date") Object.assign(jsonSchema, { type: "string", format: "date-time" });
  if (def.type === "undefined") jsonSchema["not"] = {};
}

function opened(node: Node): Node {
  const properties = (node["properties"] ?? {}) as Record<string, Node>;
  const defaulted = Object.entries(properties).flatMap(([name, property]) =>
    "default" in property ? [name] : [],
  );
  const required = [...new Set([...((node["required"] as string[] | undefined) ?? []), ...defaulted])];
  const isClosed = node["additionalProperties"] === false;
  const open = without(node, "default", ...(isClosed ? ["additionalProperties"] : []));
  return { ...open, ...(required.length === 0 ? {} : { required }) };
}

function without(node: Node, ...members: readonly string[]): Node {
  return Object.fromEntries(Object.entries(node).filter(([member]) => !members.includes(member)));
}

/** Changes every schema within, the outer ones first, and turns references into those of OpenAPI. */
function mapped(node: unknown, change: (node: Node) => Node): unknown {
  if (Array.isArray(node)) return node.map((item) => mapped(item, change));
  if (typeof node !== "object" || node === null) return node;
  const changed = change(node as Node);
  return Object.fromEntries(
    Object.entries(changed).flatMap(([key, value]): [string, unknown][] => {
      if (key === "$ref") return [[key, String(value).replace("#/$defs/", "#/components/schemas/")]];
      if (key === "properties") return [[key, mappedProperties(value as Record<string, Node>, change)]];
      if (["required", "enum", "const", "default", "type", "examples"].includes(key)) return [[key, value]];
      return [[key, mapped(value, change)]];
    }),
  );
}

/** What can have no value is not there. */
function mappedProperties(properties: Record<string, Node>, change: (node: Node) => Node): Node {
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, property]) =>
      property["not"] === undefined ? [[name, mapped(property, change)]] : [],
    ),
  );
}
