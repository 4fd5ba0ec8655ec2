import type { OpenEmr } from "../adapters/openemr/open-openemr.js";
import { campaign } from "../adapters/mysql/leadership.js";
import type { Config } from "../config.js";
import type { Connections } from "../connections.js";
import type { Logger } from "../log.js";
import { ArchivedReports } from "../openemr/archived-reports.js";
import { OpenEmrDestination } from "../openemr/openemr-destination.js";
import { pullPatients, type PullDependencies } from "../openemr/pull-patients.js";
import { settleChart } from "../openemr/settle-chart.js";
import type { Destination } from "../outbox/destination.js";
import { repeat } from "../pipeline/repeat.js";

export function openEmrDestination(
  config: Config,
  { archive, state, emr }: Connections,
  { api, links, known, issuer }: OpenEmr,
): Destination {
  return new OpenEmrDestination({
    api,
    links,
    known,
    issuer,
    emr,
    documents: new ArchivedReports(archive, state.read),
    encounterCategory: config.NEURONOVA_OPENEMR_ENCOUNTER_CATEGORY,
    documentCategory: config.NEURONOVA_OPENEMR_DOCUMENT_CATEGORY,
  });
}

/** One delivery process of all fetches what was changed in OpenEMR, again and again. */
export function pullFromOpenEmr(
  config: Config,
  { sequelize, emr, synchronisation }: Connections,
  openEmr: OpenEmr,
  log: Logger,
): { stop(): Promise<void> }[] {
  const seconds = config.NEURONOVA_OPENEMR_PULL_SECONDS;
  if (seconds === 0) return [];
  const { api, known, links, issuer } = openEmr;
  const settling = { api, known, links, emr, issuer, synchronised: synchronisation };
  const settle: PullDependencies["settle"] = (chart) => settleChart(chart, settling);
  return [
    campaign(sequelize, "neuronova.openemr", log, () => {
      const loop = repeat("openemr-pull", seconds * 1_000, log, async () => {
        const changed = await pullPatients({ api, known, settle });
        if (changed > 0) log.info({ changed }, "patients fetched from OpenEMR");
        return "idle";
      });
      return () => loop.stop();
    }),
  ];
}
