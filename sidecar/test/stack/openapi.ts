import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { parse } from "yaml";

interface Operation {
  readonly responses: Readonly<
    Record<string, { readonly $ref?: string; readonly content?: Record<string, unknown> }>
  >;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** What the API's description says of an answer, held against answers of the program. */
export class OpenApi {
  private readonly document: Document;
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });

  constructor(file: string) {
    this.document = parse(
      readFileSync(new URL(`../../openapi/${file}`, import.meta.url), "utf8"),
    ) as Document;
    this.ajv.addSchema(this.document, "api");
  }

  /** Every method and path that is described, as `GET /api/ai/jobs/{id}`. */
  operations(): string[] {
    return Object.entries(this.document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
  }

  /** @returns what is wrong with an answer; empty when it is as described */
  faults(
    method: string,
    path: string,
    { status, headers }: Pick<Response, "status" | "headers">,
    body: unknown,
  ): string[] {
    const [template] = Object.keys(this.document.paths).filter((candidate) =>
      new RegExp(`^${candidate.replace(/\{\w+\}/g, "[^/]+")}$`).test(path.split("?")[0] ?? ""),
    );
    const operation = this.document.paths[template ?? ""]?.[method.toLowerCase()];
    if (template === undefined || operation === undefined) return [`${method} ${path} is not described`];
    const response = operation.responses[status];
    if (response === undefined) return [`${method} ${template}: ${status} is not described`];
    const { content = {} } = response.$ref === undefined ? response : this.referenced(response.$ref);
    const type = headers.get("content-type")?.split(";")[0] ?? "";
    if (!(type in content))
      return [`${method} ${template}: ${status} is said to be ${Object.keys(content).join()}, not ${type}`];
    const place = response.$ref ?? `#/paths/${escaped(template)}/${method.toLowerCase()}/responses/${status}`;
    if (!type.includes("json")) return [];
    const validate = this.ajv.compile({ $ref: `api${place}/content/${escaped(type)}/schema` });
    validate(body);
    return (validate.errors ?? []).map(
      ({ instancePath, message }) => `${method} ${template} ${status}: ${instancePath} ${message ?? ""}`,
    );
  }

  private referenced(reference: string): { readonly content?: Record<string, unknown> } {
    return reference
      .slice(2)
      .split("/")
      .reduce((node: unknown, name) => (node as Record<string, unknown>)[name], this.document) as object;
  }
}

/** As a JSON pointer in a URI fragment has it (RFC 6901). */
function escaped(name: string): string {
  return encodeURIComponent(name.replaceAll("~", "~0").replaceAll("/", "~1"));
}
