import { html, nothing, type TemplateResult } from "lit";

/**
 * The Markdown that model cards are written in: headings, paragraphs, lists, tables, bold and code. Anything else is
 * shown as it stands; nothing in it becomes markup of the page.
 */
export function cardText(markdown: string): TemplateResult[] {
  return markdown
    .replaceAll("\r\n", "\n")
    .split(/\n(?=#)|\n{2,}/)
    .flatMap((block) => {
      const heading = /^#{1,6} +(.*)(?:\n|$)/.exec(block);
      if (heading === null) return [blockOf(block)];
      const rest = block.slice(heading[0].length);
      return [html`<h4>${inline(heading[1] ?? "")}</h4>`, ...(rest.trim() === "" ? [] : [blockOf(rest)])];
    });
}

function blockOf(block: string): TemplateResult {
  const lines = block.split("\n").filter((line) => line.trim() !== "");
  if (lines.length > 0 && lines.every((line) => line.trim().startsWith("|"))) return table(lines);
  if (lines[0]?.startsWith("- ") === true) return list(lines);
  return lines.length === 0 ? html`${nothing}` : html`<p>${inline(lines.join(" "))}</p>`;
}

/** A line that begins no item goes on with the one before. */
function list(lines: readonly string[]): TemplateResult {
  const items: string[] = [];
  for (const line of lines)
    if (line.startsWith("- ")) items.push(line.slice(2));
    else items.push(`${items.pop() ?? ""} ${line.trim()}`);
  return html`<ul>
    ${items.map((item) => html`<li>${inline(item)}</li>`)}
  </ul>`;
}

function table(lines: readonly string[]): TemplateResult {
  const [head = [], , ...rows] = lines.map((line) =>
    line
      .trim()
      .replace(/^\||\|$/g, "")
      .split("|")
      .map((cell) => cell.trim()),
  );
  return html`<table>
    <thead>
      <tr>
        ${head.map((cell) => html`<th scope="col">${inline(cell)}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            ${row.map((cell) => html`<td>${inline(cell)}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function inline(text: string): (string | TemplateResult)[] {
  return text.split(/(\*\*[^*]+\*\*|`[^`]+`)/).map((part) => {
    if (part.startsWith("**")) return html`<b>${part.slice(2, -2)}</b>`;
    return part.startsWith("`") ? html`<code>${part.slice(1, -1)}</code>` : part;
  });
}
