import { readFileSync } from "node:fs";

const widgets = readFileSync(new URL("src/widgets.ts", import.meta.url), "utf8");
const names = [...widgets.matchAll(/"\.\/components\/([\w-]+)\/\1\.js"/g)].map(([, name]) => name);

/** Of what an element has, that which others may use: no state, no private member, no event of a guessed name. */
function onlyPublic({ moduleDoc }) {
  for (const declaration of moduleDoc.declarations ?? []) {
    if (declaration.tagName === undefined) continue;
    const isPublic = ({ privacy = "public" }) => privacy === "public";
    declaration.members = (declaration.members ?? []).filter(isPublic);
    const fields = new Set(declaration.members.map(({ name }) => name));
    declaration.attributes = (declaration.attributes ?? []).filter(
      ({ fieldName }) => fieldName === undefined || fields.has(fieldName),
    );
    declaration.events = (declaration.events ?? []).filter(({ description }) => description !== undefined);
  }
}

/** Describes the elements of `src/widgets.ts` (https://github.com/webcomponents/custom-elements-manifest). */
export default {
  globs: names.map((name) => `src/components/${name}/${name}.component.ts`),
  outdir: "dist/widgets",
  litelement: true,
  plugins: [{ name: "only-public", moduleLinkPhase: onlyPublic }],
};
