import type { Sequelize } from "sequelize";
import type { StoredEvent } from "../../state/events.js";
import type { StateReads } from "../../state/state.js";
import { aggregateOf, subjectOf } from "../../webhooks/message-key.js";
import type { DisabledCode, StudyTraits, Webhook } from "../../webhooks/webhook.js";
import type { WebhookFanOut, WebhookForDelivery, WebhookQueue } from "../../webhooks/webhook-store.js";
import { openSecrets } from "./mysql-webhooks.js";
import type { SealedBox } from "./sealed-box.js";
import { Statements } from "./statements.js";
import { WEBHOOK_COLUMNS, webhookOf, type WebhookRow } from "./webhook-rows.js";

const CURSOR = "webhooks";

/** What gives events out to webhooks, and what delivers them, in MySQL or MariaDB. */
export class MySqlWebhookQueue implements WebhookQueue, WebhookFanOut {
  private readonly statements: Statements;

  constructor(
    sequelize: Sequelize,
    private readonly box: SealedBox,
    private readonly read: Pick<StateReads, "cursor" | "eventsAfter">,
  ) {
    this.statements = new Statements(sequelize);
  }

  async forDelivery(id: number): Promise<WebhookForDelivery | null> {
    const [row] = await this.statements.select<WebhookRow & { sealed: Buffer }>(
      `SELECT ${WEBHOOK_COLUMNS}, sealed_secrets AS sealed FROM webhook WHERE id = :id`,
      { id },
    );
    if (row === undefined) return null;
    const { sealed, ...rest } = row;
    return { ...webhookOf(rest), secrets: openSecrets(this.box, sealed) };
  }

  async event(sequence: number): Promise<StoredEvent | null> {
    const [event] = await this.read.eventsAfter(sequence - 1, 1);
    return event?.sequence === sequence ? event : null;
  }

  async succeeded(id: number): Promise<void> {
    await this.statements.change(
      "UPDATE webhook SET failures = 0, failing_since = NULL, succeeded_at = UTC_TIMESTAMP(3) WHERE id = :id",
      { id },
    );
  }

  async failed(id: number): Promise<void> {
    await this.statements.change(
      "UPDATE webhook SET failures = failures + 1, failing_since = COALESCE(failing_since, UTC_TIMESTAMP(3)) WHERE id = :id",
      { id },
    );
  }

  async disable(id: number, code: DisabledCode): Promise<void> {
    await this.statements.change(
      "UPDATE webhook SET enabled = 0, disabled_code = :code, changed_at = UTC_TIMESTAMP(3) WHERE id = :id",
      { id, code },
    );
  }

  async position() {
    const rows = await this.statements.select<WebhookRow & { sinceSequence: number }>(
      `SELECT ${WEBHOOK_COLUMNS}, since_sequence AS sinceSequence FROM webhook WHERE enabled = 1 ORDER BY id`,
      {},
    );
    // Most installations have none, and each event asks.
    const sequence = rows.length === 0 ? 0 : await this.read.cursor(CURSOR);
    const webhooks = rows.map(({ sinceSequence, ...row }): Webhook & { sinceSequence: number } => ({
      ...webhookOf(row),
      sinceSequence,
    }));
    return { sequence, webhooks };
  }

  async traits(studyInstanceUids: readonly string[]): Promise<ReadonlyMap<string, StudyTraits>> {
    const uids = studyInstanceUids.length === 0 ? [""] : [...studyInstanceUids];
    const [modalities, labels] = await Promise.all([
      this.statements.select<{ uid: string; value: string }>(
        `SELECT DISTINCT study.study_instance_uid AS uid, series.modality AS value FROM study
         JOIN series ON series.study_id = study.orthanc_id WHERE study.study_instance_uid IN (:uids)`,
        { uids },
      ),
      this.statements.select<{ uid: string; value: string }>(
        `SELECT DISTINCT study.study_instance_uid AS uid, study_label.label AS value FROM study
         JOIN study_label ON study_label.study_id = study.orthanc_id WHERE study.study_instance_uid IN (:uids)`,
        { uids },
      ),
    ]);
    const of = (rows: typeof labels, uid: string) =>
      rows.filter((row) => row.uid === uid).map(({ value }) => value);
    return new Map(uids.map((uid) => [uid, { modalities: of(modalities, uid), labels: of(labels, uid) }]));
  }

  giveOut(
    from: number,
    to: number,
    messages: readonly { readonly webhook: number; readonly event: StoredEvent }[],
  ): Promise<boolean> {
    return this.statements.transaction(async (transaction) => {
      // Whoever moved the position gave these out.
      const moved = await this.statements.change(
        "UPDATE position_cursor SET value = :to WHERE name = :name AND value = :from",
        { name: CURSOR, from, to },
        transaction,
      );
      if (moved === 0) return false;
      if (messages.length === 0) return true;
      const values: Record<string, unknown> = {};
      const rows = messages.map(({ webhook, event: { sequence, event } }, index) => {
        values[`aggregate${index}`] = aggregateOf(webhook);
        values[`subject${index}`] = subjectOf(webhook, sequence, event);
        return `('webhook', :aggregate${index}, 'event', :subject${index})`;
      });
      await this.statements.change(
        `INSERT INTO outbox (destination, aggregate, kind, subject) VALUES ${rows.join(", ")}`,
        values,
        transaction,
      );
      return true;
    });
  }
}
