import { openConnections } from "../../connections.js";
import { lookAtInstallation } from "../look-at-installation.js";
import { configFindings, printFindings } from "../config-findings.js";
import { diagnose } from "../diagnose.js";
import { hasFailed } from "../findings.js";
import type { Command } from "../terminal.js";

/** Changes nothing, not even a database that is not up to date; so there is no audit row either. */
export const doctor: Command = async (args, terminal) => {
  const { config, findings: configured } = configFindings(terminal.environment);
  let findings = configured;
  if (config !== undefined) {
    const connections = openConnections(config);
    try {
      findings = [...configured, ...(await diagnose(config, lookAtInstallation(config, connections)))];
    } finally {
      await connections.close();
    }
  }
  await printFindings(findings, args, terminal);
  return hasFailed(findings) ? 1 : 0;
};
