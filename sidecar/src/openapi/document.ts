import { z } from "zod";
import { answerSchema, requestSchema, type Components, type JsonSchema } from "./json-schema.js";
import { curlOf, exampleBody, VARIABLES } from "./curl.js";
import { TAGS, type Answer, type Operation, type Operations } from "./operation.js";
import { PROBLEM_CODE_SCHEMA, PROBLEM_SCHEMA, refusals, type Response } from "./problems.js";
import { problemsOf } from "./usual-problems.js";
import { uid } from "./values.js";

export interface OpenApiDocument {
  readonly openapi: "3.1.0";
  readonly info: Readonly<Record<string, unknown>> & {
    readonly version: string;
    readonly description: string;
  };
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> } & JsonSchema;
  readonly [member: string]: unknown;
}

/** By SemVer, of the API: what of it may change is in docs/api.md. */
export const API_VERSION = "1.0.0";

const DESCRIPTION = `Errors are problem details (RFC 9457) with a stable \`code\`: see \`ProblemCode\`. nginx itself answers 400, 405, 408, 413, 429, 502 and 504 without one.

Most routes take a bearer token: an access token of \`POST /api/auth/login\` or \`POST /api/oauth/token\`, or an API key. What a role may do is in docs/permissions.md.

A body has at most 100 kB (records of the EMR: 256 kB, a corrected segmentation: 64 MB). Times are ISO 8601 in UTC.

Lists come in pages: with \`next\`, which the next request names as \`after\`, \`before\` or \`cursor\`, or with \`limit\` and \`offset\`. The list is over when there is no \`next\`, or it is null, or when there are fewer than \`limit\`.

\`Idempotency-Key\` has a creation or a decision done once: whoever sends the same request with the same key again gets the same answer, with \`Idempotency-Replayed: true\`.

An answer 429 has \`Retry-After\`. Clients ignore members that they do not know: a minor version may answer more.

The examples use ${Object.entries(VARIABLES)
  .map(([name, { meaning }]) => `\`$${name}\` (${meaning})`)
  .join(", ")}.`;

/** The description of the API (OpenAPI 3.1). */
export function openApiDocument(operations: Operations): OpenApiDocument {
  const components: Components = new Map([
    ["Problem", PROBLEM_SCHEMA],
    ["ProblemCode", PROBLEM_CODE_SCHEMA],
  ]);
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const [route, operation] of Object.entries(operations)) {
    const [method = "", path = ""] = route.split(" ");
    const methods = (paths[path.replace(/:(\w+)/g, "{$1}")] ??= {});
    methods[method.toLowerCase()] = described(route, operation, components);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "NeuroNova",
      version: API_VERSION,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      description: DESCRIPTION,
    },
    servers: [{ url: "/" }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes: { bearer: { type: "http", scheme: "bearer" } },
      schemas: Object.fromEntries([...components].sort(([one], [other]) => (one < other ? -1 : 1))),
    },
  };
}

function described(route: string, operation: Operation, components: Components): JsonSchema {
  const { id, tag, summary, description, needs, body } = operation;
  const permission = needs === "nothing" || needs === "a token" ? "" : `Needs the permission \`${needs}\`.`;
  const text = [permission, description ?? ""].filter((part) => part !== "").join(" ");
  const parameters = [
    ...pathParameters(route, operation, components),
    ...queryParameters(operation, components),
    ...headerParameters(operation),
  ];
  const curl = curlOf(route, operation);
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(text === "" ? {} : { description: text }),
    security: needs === "nothing" ? [] : [{ bearer: [] }],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: requestBody(operation, components) }),
    responses: responses(route, operation, components),
    ...(curl === undefined ? {} : { "x-codeSamples": [{ lang: "Shell", label: "curl", source: curl }] }),
  };
}

function pathParameters(route: string, { path = {} }: Operation, components: Components): JsonSchema[] {
  return [...route.matchAll(/:(\w+)/g)].map(([, name = ""]) => {
    const usual = name.endsWith("Uid") ? uid : z.int().min(1);
    return { name, in: "path", required: true, schema: requestSchema(path[name] ?? usual, components) };
  });
}

function queryParameters({ query }: Operation, components: Components): JsonSchema[] {
  if (query === undefined) return [];
  const { properties = {}, required = [] } = requestSchema(query, components) as {
    properties?: Record<string, JsonSchema>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: "query",
    ...(description === undefined ? {} : { description }),
    ...(required.includes(name) ? { required: true } : {}),
    schema,
  }));
}

function headerParameters({ headers = {} }: Operation): JsonSchema[] {
  return Object.entries(headers).map(([name, description]) => ({
    name,
    in: "header",
    description,
    ...(name === "If-Match" ? { required: true } : {}),
    schema: { type: "string" },
  }));
}

function requestBody({ body = {}, example }: Operation, components: Components): JsonSchema {
  const { schema, mediaTypes = ["application/json"], required = true } = body;
  const media = {
    ...(schema === undefined ? {} : { schema: requestSchema(schema, components) }),
    ...(example?.body === undefined ? {} : { examples: { example: { value: exampleBody(example.body) } } }),
  };
  return { required, content: Object.fromEntries(mediaTypes.map((type) => [type, media])) };
}

/** Of a status that has an answer and problems, either may come. */
function responses(route: string, operation: Operation, components: Components): JsonSchema {
  const refused = refusals(problemsOf(route, operation), operation.refusalsAlsoAs);
  const answered = Object.entries(operation.answers).map(([status, answer]): [string, Response] => {
    const own = response(answer, components);
    const refusal = refused[status];
    if (refusal === undefined) return [status, own];
    const description = `${own.description}; ${refusal.description}`;
    return [status, { ...own, description, content: { ...own.content, ...refusal.content } }];
  });
  return { ...refused, ...Object.fromEntries(answered) };
}

function response(
  { description, schema, mediaTypes = [], headers = {} }: Answer,
  components: Components,
): Response {
  const content = {
    ...(schema === undefined ? {} : { "application/json": { schema: answerSchema(schema, components) } }),
    ...Object.fromEntries(mediaTypes.map((type) => [type, {}])),
  };
  return {
    description,
    ...(Object.keys(headers).length === 0
      ? {}
      : {
          headers: Object.fromEntries(
            Object.entries(headers).map(([name, meaning]) => [
              name,
              { description: meaning, schema: { type: "string" } },
            ]),
          ),
        }),
    ...(Object.keys(content).length === 0 ? {} : { content }),
  };
}
