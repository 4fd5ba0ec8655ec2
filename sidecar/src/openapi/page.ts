import type { OpenApiDocument } from "./document.js";
import type { JsonSchema } from "./json-schema.js";
import { noteOf, typeText } from "./type-text.js";

/** What the page shows of an operation. */
interface Described {
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly {
    name: string;
    in: string;
    required?: true;
    description?: string;
    schema: JsonSchema;
  }[];
  readonly requestBody?: { readonly required: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
  readonly "x-codeSamples"?: readonly { readonly source: string }[];
}
type Content = Readonly<Record<string, { readonly schema?: JsonSchema }>>;

/** The description as a page, whole without a script. @param style address of its style sheet */
export function descriptionPage(document: OpenApiDocument, style: string): string {
  const { info, tags, paths, components } = document;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method,
      path,
      operation: operation as unknown as Described,
    })),
  );
  const chapters = tags.map(({ name, description }) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(name));
    return `<h2 id="${name}">${escaped(description)}</h2>\n${own.map(operationHtml).join("\n")}`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>NeuroNova API ${escaped(info.version)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${style}">
</head>
<body>
<header>
<h1>NeuroNova API ${escaped(info.version)}</h1>
<p>For programs: <a href="/api/openapi.json">/api/openapi.json</a> (OpenAPI 3.1)</p>
${info.description.split("\n\n").map(paragraph).join("\n")}
</header>
<nav aria-label="Chapters"><ul>
${tags.map(({ name }) => `<li><a href="#${name}">${name.replaceAll("-", " ")}</a></li>`).join("\n")}
<li><a href="#types">types</a></li>
</ul></nav>
<main>
${chapters.join("\n")}
<h2 id="types">Types</h2>
${Object.entries(components.schemas).map(typeHtml).join("\n")}
</main>
</body>
</html>
`;
}

function operationHtml({
  method,
  path,
  operation,
}: {
  method: string;
  path: string;
  operation: Described;
}): string {
  const { summary, description, parameters = [], requestBody, responses } = operation;
  const [sample] = operation["x-codeSamples"] ?? [];
  const answers = Object.entries(responses);
  return `<details><summary><span class="method">${method.toUpperCase()}</span> <span class="path">${escaped(path)}</span>
<span class="what">${inline(summary)}</span></summary><div>
${description === undefined ? "" : paragraph(description)}
${parameters.length === 0 ? "" : `<h3>Parameters</h3><table><tbody>${parameters.map(parameterHtml).join("")}</tbody></table>`}
${requestBody === undefined ? "" : `<h3>Body${requestBody.required ? "" : ", if any"}</h3>${contentHtml(requestBody.content)}`}
${answers
  .filter(([status]) => Number(status) < 400)
  .map(
    ([status, { description: what, content = {} }]) =>
      `<h3>${status}: ${inline(what)}</h3>${contentHtml(content)}`,
  )
  .join("\n")}
<h3>Errors</h3><table><tbody>${answers
    .filter(([status]) => Number(status) >= 400)
    .map(([status, { description: what }]) => `<tr><td>${status}</td><td>${inline(what)}</td></tr>`)
    .join("")}</tbody></table>
${sample === undefined ? "" : `<h3>Example</h3><pre tabindex="0">${escaped(sample.source)}</pre>`}
</div></details>`;
}

function parameterHtml(parameter: NonNullable<Described["parameters"]>[number]): string {
  const { name, in: place, required, description = "", schema } = parameter;
  const note = [description, noteOf(schema)].filter((part) => part !== "").join("; ");
  return `<tr><td><code>${escaped(name)}</code></td><td>${place}${required ? ", required" : ""}</td><td><code>${escaped(typeText(schema))}</code></td><td>${inline(note)}</td></tr>`;
}

function contentHtml(content: Content): string {
  return Object.entries(content)
    .map(([mediaType, { schema }]) =>
      schema === undefined
        ? `<p><code>${escaped(mediaType)}</code></p>`
        : `<p><code>${escaped(mediaType)}</code></p>${typeHtmlOf(schema)}`,
    )
    .join("\n");
}

function typeHtml([name, schema]: [string, JsonSchema]): string {
  return `<details><summary><code>${name}</code></summary><div id="type-${name}">${
    typeof schema["description"] === "string" ? schema["description"].split("\n").map(paragraph).join("") : ""
  }${typeHtmlOf(schema)}</div></details>`;
}

function paragraph(text: string): string {
  return `<p>${inline(text)}</p>`;
}

/** A schema with links to the types that it names; a link opens what it leads to. */
function typeHtmlOf(schema: JsonSchema): string {
  const linked = typeText(schema)
    .split("\n")
    .map((line) => {
      const [type = "", ...note] = line.split(" // ");
      const html = escaped(type).replace(
        /(?<=^|: \(?|(?:\||&amp;) )([A-Z]\w+)/g,
        '<a href="#type-$1">$1</a>',
      );
      return [html, ...note.map(escaped)].join(" // ");
    });
  return `<pre tabindex="0">${linked.join("\n")}</pre>`;
}

/** Text with `code` in it. */
function inline(text: string): string {
  return escaped(text).replace(/`([^`]+)`/g, "<code>$1</code>");
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
