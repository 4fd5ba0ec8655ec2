import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { API } from "../../src/openapi/api.js";
import { openApiDocument, type OpenApiDocument } from "../../src/openapi/document.js";

interface Media {
  readonly schema?: object;
}
type Content = Readonly<Record<string, Media>>;
interface Operation {
  readonly parameters?: readonly { name: string; in: string; required?: boolean; schema: object }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}
interface Place {
  readonly route: string;
  readonly operation: Operation;
}

export interface Exchange {
  readonly method: string;
  readonly url: URL;
  /** undefined where it is no text. */
  readonly sent: { readonly type: string; readonly body: string | undefined };
  readonly status: number;
  readonly type: string;
  /** Of a JSON answer. */
  readonly body: unknown;
}

/** nginx answers these itself, without a problem (docs/errors.md). */
const OF_NGINX = new Set([400, 405, 408, 413, 414, 429, 431, 502, 503, 504]);

/**
 * The API's description, held against what is asked and answered. Answers are held to it as it is now: a member that it
 * does not know is a fault, although clients have to bear one.
 */
export class DescribedApi {
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true, coerceTypes: false });
  private readonly askedInQuery = new Ajv2020({ strict: false, allErrors: true, coerceTypes: "array" });
  private readonly compiled = new Map<string, ValidateFunction>();

  constructor(private readonly document: OpenApiDocument = openApiDocument(API)) {
    for (const ajv of [this.ajv, this.askedInQuery]) {
      ajv.addFormat("date-time", /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/);
      ajv.addFormat("date", /^\d{4}-\d\d-\d\d$/);
      ajv.addFormat("uuid", /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      ajv.addFormat("uri", (text) => URL.canParse(text));
      ajv.addFormat("email", /@/);
      ajv.addSchema({ $id: "api", components: { schemas: closed(document.components.schemas) } });
    }
  }

  /** @returns what is not as it is described; empty when all is */
  faults(exchange: Exchange): string[] {
    const { method, url, status, type, body } = exchange;
    const isJson = /[/+]json\b/.test(type);
    if (OF_NGINX.has(status) && !isJson) return [];
    const place = this.place(method, url.pathname.replace(/(?<=.)\/$/, ""));
    if (place === undefined)
      return status === 404 && (body as { code?: unknown }).code === "no-such-resource"
        ? []
        : [`${method} ${url.pathname}: ${status}, and it is not described`];
    const { route, operation } = place;
    const described = operation.responses[status];
    const said = isJson && status >= 400 ? ` ${JSON.stringify((body as { code?: unknown }).code)}` : "";
    if (described === undefined) return [`${route}: ${status}${said} is not described`];
    const media = mediaOf(described.content, type);
    if (media === undefined) return [`${route}: ${status} is not described as ${type || "an empty answer"}`];
    const wrong = isJson ? this.check(`${route} ${status}`, closed(media.schema ?? {}), body) : [];
    return [
      ...wrong.map((fault) => `${route}: ${status}${said} ${fault}`),
      ...(status < 300 ? this.faultsOfRequest(place, exchange) : []),
    ];
  }

  /** What was taken has to be what is said to be taken. */
  private faultsOfRequest({ route, operation }: Place, { url, sent }: Exchange): string[] {
    const parameters = (operation.parameters ?? []).filter((parameter) => parameter.in === "query");
    const query = {
      type: "object",
      properties: Object.fromEntries(parameters.map(({ name, schema }) => [name, schema])),
      required: parameters.flatMap(({ name, required }) => (required === true ? [name] : [])),
    };
    const asked = Object.fromEntries(url.searchParams);
    const faults = this.check(`${route} query`, query, asked, this.askedInQuery);
    const media = operation.requestBody?.content[sent.type];
    if (media?.schema !== undefined && sent.type.includes("json") && sent.body !== undefined)
      faults.push(...this.check(`${route} body of ${sent.type}`, media.schema, JSON.parse(sent.body)));
    return faults.map((fault) => `${route}: was taken with ${fault}`);
  }

  private check(name: string, schema: object, value: unknown, ajv = this.ajv): string[] {
    let validate = this.compiled.get(name);
    if (validate === undefined) {
      const text = JSON.stringify(schema).replaceAll('"#/components/', '"api#/components/');
      validate = ajv.compile(JSON.parse(text) as object);
      this.compiled.set(name, validate);
    }
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) =>
        `${instancePath || "it"} ${message ?? ""} ${JSON.stringify(params)}`,
    );
  }

  /** The route with the fewest parameters is the one that is meant. */
  private place(method: string, path: string): Place | undefined {
    const fitting = Object.entries(this.document.paths)
      .filter(([template]) => new RegExp(`^${template.replace(/\{\w+\}/g, "[^/]+")}$`).test(path))
      .sort(([one], [other]) => one.split("{").length - other.split("{").length);
    for (const [template, methods] of fitting) {
      const operation = methods[method.toLowerCase()];
      if (operation !== undefined)
        return { route: `${method} ${template}`, operation: operation as unknown as Operation };
    }
    return undefined;
  }
}

/** An answer without a body has no media type. */
function mediaOf(content: Content | undefined, type: string): Media | undefined {
  if (content === undefined) return type === "" ? {} : undefined;
  return content[type];
}

/** The objects within hold nothing but what they are said to hold; only problems have members that are not said. */
function closed<Schema>(schema: Schema): Schema {
  if (Array.isArray(schema)) return schema.map(closed) as Schema;
  if (typeof schema !== "object" || schema === null || "allOf" in schema) return schema;
  const node = Object.fromEntries(
    Object.entries(schema).map(([key, value]: [string, unknown]) => [
      key,
      key === "Problem" ? value : closed(value),
    ]),
  );
  const isObject = node["type"] === "object" && node["properties"] !== undefined;
  return (
    isObject && !("additionalProperties" in node) ? { ...node, additionalProperties: false } : node
  ) as Schema;
}
