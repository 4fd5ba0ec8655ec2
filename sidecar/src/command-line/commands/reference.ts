import { permissionsTable } from "../../authorization/permissions.js";
import { settingsTable } from "../../settings-table.js";
import type { Command } from "../terminal.js";

// Tables of the documents, as they are in the code.

export const settings: Command = async (_args, { print }) => {
  await print(`${settingsTable()}\n`);
  return 0;
};

export const permissions: Command = async (_args, { print }) => {
  await print(`${permissionsTable()}\n`);
  return 0;
};
