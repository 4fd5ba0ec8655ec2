import { expect, test } from "vitest";
import { z } from "zod";
import { answerSchema, requestSchema, type Components } from "./json-schema.js";

const person = z
  .strictObject({
    name: z
      .string()
      .transform((text) => text.trim())
      .default("")
      .meta({ description: "as written" }),
    born: z.iso.date().optional(),
    never: z.undefined().optional(),
    visits: z.coerce.number().int().min(0),
  })
  .refine(({ name }) => name !== "nobody");

const NAME = { type: "string", description: "as written" };
const BORN = { type: "string", format: "date" };
const VISITS = { type: "integer", minimum: 0 };

test("a request may leave out what has a default, and holds nothing else", () => {
  expect(requestSchema(person, new Map())).toEqual({
    type: "object",
    properties: { name: { ...NAME, default: "" }, born: BORN, visits: VISITS },
    required: ["visits"],
    additionalProperties: false,
  });
});

test("an answer has what has a default, and may hold more one day", () => {
  expect(answerSchema(person, new Map())).toEqual({
    type: "object",
    properties: { name: NAME, born: BORN, visits: VISITS },
    required: ["visits", "name"],
  });
});

test("a schema with an id is one component, wherever it is referred to", () => {
  const components: Components = new Map();
  const named = z.object({ name: z.string() }).meta({ id: "Person" });
  expect(answerSchema(named, components)).toEqual({ $ref: "#/components/schemas/Person" });
  expect(answerSchema(z.array(named), components)).toMatchObject({
    items: { $ref: "#/components/schemas/Person" },
  });
  expect([...components]).toEqual([
    ["Person", { type: "object", properties: { name: { type: "string" } }, required: ["name"] }],
  ]);
});

test("no two schemas have one id", () => {
  const components: Components = new Map([["Person", { type: "string" }]]);
  expect(() => answerSchema(z.object({}).meta({ id: "Person" }), components)).toThrow("two schemas");
});
