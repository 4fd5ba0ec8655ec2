import openapiTypescript, { astToString } from "openapi-typescript";
import { format, resolveConfig } from "prettier";

/** Where the types of the web components are, from the root. */
export const CLIENT_TYPES = "web-components/src/api/schema.ts";

const HEAD =
  "// Made of the API's description by `npm run client-types`; a test compares. Not to be changed by hand.\n";

/**
 * @typedef {{ content?: Record<string, { schema?: object }> }} Body
 * @typedef {{ operationId: string, requestBody?: Body, responses: Record<string, Body> }} Operation
 */

/**
 * The description, of the sidecar's sources or of what is built of them.
 *
 * @param {"src" | "dist"} folder
 * @param {"ts" | "js"} extension
 * @returns {Promise<Parameters<typeof clientTypes>[0]>}
 */
export async function describedApi(folder, extension) {
  const openApi = (/** @type {string} */ name) =>
    import(new URL(`../../sidecar/${folder}/openapi/${name}.${extension}`, import.meta.url).href);
  const [{ API }, { openApiDocument }] = await Promise.all([openApi("api"), openApi("document")]);
  return openApiDocument(API);
}

/**
 * The schemas of the API's description as types, and what each operation takes and answers by its name:
 * `CreateAccountBody`, `CreateAccountAnswer`. Problems are left out: a client has them as HttpProblem.
 *
 * @param {{ paths: object, components: { schemas: Record<string, object> } }} document
 * @returns {Promise<string>}
 */
export async function clientTypes(document) {
  const operations = Object.values(document.paths).flatMap(
    (methods) => /** @type {Operation[]} */ (Object.values(methods)),
  );
  const schemas = Object.fromEntries(
    Object.entries(document.components.schemas).filter(([name]) => name !== "Problem"),
  );
  const named = Object.fromEntries(operations.flatMap(bodiesOf));
  const nodes = await openapiTypescript(
    /** @type {any} */ ({ ...document, paths: {}, components: { schemas: { ...schemas, ...named } } }),
    { immutable: true, defaultNonNullable: false },
  );
  const options = await resolveConfig(CLIENT_TYPES);
  return format(HEAD + astToString(nodes), { ...options, filepath: CLIENT_TYPES });
}

/**
 * @param {Operation} operation
 * @returns {[string, object][]}
 */
function bodiesOf({ operationId, requestBody, responses }) {
  const name = operationId.charAt(0).toUpperCase() + operationId.slice(1);
  const answers = Object.entries(responses).filter(([status]) => Number(status) < 300);
  const [body, answer] = [requestBody, answers[0]?.[1]].map(
    (of) => of?.content?.["application/json"]?.schema,
  );
  return [
    ...(body === undefined ? [] : [/** @type {[string, object]} */ ([`${name}Body`, body])]),
    ...(answer === undefined ? [] : [/** @type {[string, object]} */ ([`${name}Answer`, answer])]),
  ];
}
