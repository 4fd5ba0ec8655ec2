import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createDemoCt } from "../../phantom/demo-ct.js";
import { createDemoStudy } from "../../phantom/demo-study.js";
import { UsageError, type Command } from "../terminal.js";

export const demoStudy: Command = async (args, { print }) => {
  const { values } = parseArgs({ args, options: { output: { type: "string" } } });
  if (values.output === undefined) throw new UsageError("--output names the directory to write to");
  await mkdir(values.output, { recursive: true });
  const files = [...createDemoStudy({}), ...createDemoCt({})];
  for (const { fileName, bytes } of files) await writeFile(join(values.output, fileName), bytes);
  await print(`${files.length} files in ${values.output}\n`);
  return 0;
};
