import { connect, ConnectError, type ConnectDependencies } from "./connect.js";
import type { KnownCharts } from "./known-charts.js";
import type { OpenEmrApi } from "./openemr-api.js";

export const OPENEMR_COMMANDS = ["connect", "status"] as const;

export interface OpenEmrCommandDependencies extends Omit<ConnectDependencies, "show"> {
  readonly api: OpenEmrApi;
  readonly known: KnownCharts;
  readonly print: (text: string) => Promise<void>;
}

const MOST_SHOWN = 50;

/**
 * `neuronova openemr …`
 * @returns the exit status
 */
export async function openEmrCommand(
  command: string | undefined,
  { api, known, print, ...connecting }: OpenEmrCommandDependencies,
): Promise<number> {
  if (command === "connect") {
    const show = (address: string) =>
      print(
        `Open this address, log in as the service user and agree:\n\n${address}\n\nThe browser ends at an address that need not show a page. Paste it here, whole:\n`,
      );
    await connect({ ...connecting, show });
    await api.patientPage({ offset: 0, limit: 1 });
    await print("Connected: OpenEMR answers.\n");
    return 0;
  }
  if (command === "status") {
    const tokens = await connecting.vault.read();
    await print(tokens === null ? "not connected: neuronova openemr connect\n" : "connected\n");
    await print(`patients fetched up to ${(await known.cursor()) ?? "never"} (OpenEMR's time)\n`);
    const contradicting = await known.contradicting(MOST_SHOWN);
    for (const { patient, outcome, differing } of contradicting) {
      const what = outcome === "contradicts" ? "contradicts in" : "is no record here for its";
      await print(`chart ${patient.uuid} ${what} ${differing.join(", ")}\n`);
    }
    return tokens === null || contradicting.length > 0 ? 1 : 0;
  }
  throw new ConnectError(`neuronova openemr ${OPENEMR_COMMANDS.join("|")}`);
}
