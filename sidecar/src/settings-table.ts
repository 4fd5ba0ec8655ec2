import type { z } from "zod";
import { SETTINGS } from "./config.js";
import type { Setting } from "./setting.js";

/** The documentation table of all settings, in Markdown. */
export function settingsTable(): string {
  const rows = (Object.entries(SETTINGS) as [string, Setting<z.ZodType>][]).map(
    ([name, { schema, description, example, secret }]) => {
      const byDefault = schema.safeParse(undefined);
      const fallback = !byDefault.success
        ? "required"
        : byDefault.data === undefined
          ? "none"
          : name === "NEURONOVA_MODELS_DIRECTORY"
            ? "`models/` of the package"
            : isEmpty(byDefault.data)
              ? "none"
              : `\`${JSON.stringify(byDefault.data).replaceAll(/["[\]]/g, "")}\``;
      return `| \`${name}\` | ${description}${secret ? " Secret." : ""} | ${fallback} | \`${example}\` |`;
    },
  );
  return ["| setting | meaning | default | example |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

function isEmpty(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length === 0
  );
}
