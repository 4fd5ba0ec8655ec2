import type { Migration } from "./migration.js";

/** A chart of OpenEMR's that contradicts a record is a question on the identity worklist. */
export const openEmrCharts: Migration = {
  name: "0010-openemr-charts",
  statements: [
    "ALTER TABLE emr_identity_item MODIFY COLUMN kind ENUM('study','duplicate','chart') NOT NULL",
    // Empty: the chart has to be looked at again.
    "ALTER TABLE openemr_patient ADD KEY by_digest (digest)",
  ],
};
