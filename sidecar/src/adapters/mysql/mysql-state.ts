import { QueryTypes, type Sequelize, type Transaction } from "sequelize";
import type { NewEvent } from "../../state/events.js";
import type { NewMessage, State, StateReads, StateTransaction } from "../../state/state.js";
import { activeTraceparent } from "../../tracing/active-trace.js";
import { AnalysisWrites } from "./analysis-writes.js";
import { ImagingWrites } from "./imaging-writes.js";
import { OutboxModel } from "./models/work.js";
import { OutboxWrites } from "./outbox-writes.js";
import { repeatedTransaction, type Wake } from "./repeated-transaction.js";
import { RefusedInstanceWrites } from "./refused-instances.js";
import { ReviewWrites } from "./review-writes.js";
import { MySqlStateReads } from "./state-reads.js";

/** The state in MySQL or MariaDB. `onCommit` is told what to wake, after the commit and never before. */
export class MySqlState implements State {
  readonly read: StateReads;

  constructor(
    private readonly sequelize: Sequelize,
    private readonly onCommit: (wakes: ReadonlySet<Wake>) => void,
  ) {
    this.read = new MySqlStateReads(sequelize);
  }

  transaction<T>(work: (transaction: StateTransaction) => Promise<T>): Promise<T> {
    return repeatedTransaction(this.sequelize, this.onCommit, (transaction, wakes) =>
      work(this.bind(transaction, wakes)),
    );
  }

  private bind(transaction: Transaction, wakes: Set<Wake>): StateTransaction {
    const imaging = new ImagingWrites(this.sequelize, transaction);
    const refused = new RefusedInstanceWrites(this.sequelize, transaction);
    const analyses = new AnalysisWrites(this.sequelize, transaction);
    const reviews = new ReviewWrites(this.sequelize, transaction);
    const messages = new OutboxWrites(this.sequelize, transaction);
    const appendEvents = async (events: readonly NewEvent[]): Promise<void> => {
      if (events.length === 0) return;
      wakes.add("events");
      await this.sequelize.query(
        "INSERT INTO event (event, study_instance_uid, series_instance_uid, sop_instance_uid, data) VALUES :rows",
        { replacements: { rows: events.map(eventRow) }, type: QueryTypes.INSERT, transaction },
      );
    };
    return {
      recordInstances: (seriesId, parents, instances) => {
        if (parents !== null) wakes.add("identity");
        return imaging.recordInstances(seriesId, parents, instances);
      },
      openSeries: (seriesId, seconds) => {
        wakes.add("stability");
        return imaging.openSeries(seriesId, seconds);
      },
      claimQuietSeries: () => imaging.claimQuietSeries(),
      settleSeries: (seriesId) => imaging.settleSeries(seriesId),
      endQuietTimes: (studyId) => {
        wakes.add("stability");
        return imaging.endQuietTimes(studyId);
      },
      refuseInstance: (orthancId, fileUuid, reason) => refused.refuse(orthancId, fileUuid, reason),
      reconsiderInstance: (orthancId) => refused.reconsider(orthancId),
      forgetRefusedInstance: async (orthancId) => {
        await refused.forget(orthancId);
      },
      deleteInstance: (orthancId) => imaging.deleteInstance(orthancId),
      markRendered: (rendered) => imaging.markRendered(rendered),
      voidRendition: (orthancId, fileUuid) => imaging.voidRendition(orthancId, fileUuid),
      markNotRenderable: (orthancId, fileUuid, reason) =>
        imaging.markUnrendered(orthancId, fileUuid, "not-renderable", reason),
      markRenditionFailed: (orthancId, fileUuid, reason) =>
        imaging.markUnrendered(orthancId, fileUuid, "failed", reason),
      requestRendition: (orthancId) => imaging.requestRendition(orthancId),
      markRenditionBad: (orthancId, fileUuid, md5) => imaging.markRenditionBad(orthancId, fileUuid, md5),
      queueAnalysis: (seriesId, name, version, input, asked) =>
        analyses.queueAnalysis(seriesId, name, version, input, asked),
      startAnalysis: (id, digest) => analyses.startAnalysis(id, digest),
      interruptAnalysis: (id, digest) => analyses.interruptAnalysis(id, digest),
      endAnalysis: (id, digest, state, code, reason, keepResult = false) =>
        analyses.endAnalysis(id, digest, state, code, reason, keepResult),
      retryAnalysis: (id, request) => analyses.retryAnalysis(id, request),
      recordProgress: (id, slicesDone) => analyses.recordProgress(id, slicesDone),
      cancelUnbegun: (id, canceledBy) => analyses.cancelUnbegun(id, canceledBy),
      requestCancel: (id, canceledBy) => {
        wakes.add("analyses");
        return analyses.requestCancel(id, canceledBy);
      },
      finishAnalysis: async (id, digest, result) => {
        const finished = await analyses.finishAnalysis(id, digest, result);
        // The same input anew is the same result: what was decided about it is carried out again.
        if (finished && "report" in result) await reviews.reopen(id, result.report.sopInstanceUid);
        return finished;
      },
      recordReview: (review) => reviews.record(review),
      finishReview: (id, result) => reviews.finish(id, result),
      supersedeReview: (id) => reviews.supersede(id),
      failReview: (id, reason) => reviews.fail(id, reason),
      retryReview: (id) => reviews.retry(id),
      appendEvent: (event) => appendEvents([event]),
      appendEvents,
      addMessage: async (message: NewMessage) => {
        wakes.add("outbox");
        await OutboxModel.create({ ...message, traceparent: activeTraceparent() }, { transaction });
      },
      settleDelivered: async (holder, writes) => {
        await messages.settleDelivered(holder, writes);
      },
      settleFailed: (ids, fault) => messages.settleFailed(ids, fault),
      retryMessages: (kind, subject) => {
        wakes.add("outbox");
        return messages.retryMessages(kind, subject);
      },
      recordFhirResources: (resources) => messages.recordFhirResources(resources),
      setCursor: async (name, value) => {
        await this.sequelize.query(
          "INSERT INTO position_cursor (name, value) VALUES (:name, :value) ON DUPLICATE KEY UPDATE value = VALUES(value)",
          { replacements: { name, value }, type: QueryTypes.RAW, transaction },
        );
      },
    };
  }
}

/** In the order of the columns in the INSERT above. */
function eventRow({ event, studyInstanceUid, seriesInstanceUid, sopInstanceUid, data }: NewEvent) {
  return [
    event,
    studyInstanceUid,
    seriesInstanceUid ?? null,
    sopInstanceUid ?? null,
    JSON.stringify(data ?? {}),
  ];
}
