import { gunzip, gzip } from "node:zlib";
import { promisify } from "node:util";
import type { Sequelize } from "sequelize";
import {
  KEPT_MINUTES,
  INFERENCE_OBJECTS,
  type InferenceAnswer,
  type InferenceObject,
  type InferenceRow,
  type InferenceStore,
  type NewInference,
} from "../../direct-inference/inference-store.js";
import { Statements } from "./statements.js";

const [compress, decompress] = [promisify(gzip), promisify(gunzip)];

const COLUMNS = `id, series_id AS seriesId, sop_instance_uid AS sopInstanceUid, model_name AS modelName, model_version AS modelVersion,
  requested_by AS requestedBy, state, code, reason, attempts, created_at AS createdAt, finished_at AS finishedAt, result`;

type Row = Omit<InferenceRow, "answer"> & { readonly result: string | null };

/** Direct inferences in MySQL or MariaDB. `wake` tells those who wait for an answer. */
export class MySqlDirectInference implements InferenceStore {
  private readonly statements: Statements;

  constructor(
    sequelize: Sequelize,
    private readonly wake: () => void,
  ) {
    this.statements = new Statements(sequelize);
  }

  async create(inference: NewInference): Promise<void> {
    await this.statements.change(
      `INSERT INTO direct_inference (id, series_id, sop_instance_uid, model_name, model_version, requested_by, created_at)
       VALUES (:id, :seriesId, :sopInstanceUid, :modelName, :modelVersion, :requestedBy, UTC_TIMESTAMP(3))`,
      { ...inference },
    );
  }

  async find(id: string): Promise<InferenceRow | null> {
    const [row] = await this.statements.select<Row>(
      `SELECT ${COLUMNS} FROM direct_inference WHERE id = :id`,
      {
        id,
      },
    );
    if (row === undefined) return null;
    const { result, ...rest } = row;
    return { ...rest, answer: result === null ? null : (JSON.parse(result) as InferenceAnswer) };
  }

  async unfinished(requestedBy: string): Promise<{ all: number; own: number }> {
    const [row] = await this.statements.select<{ all: number; own: string | null }>(
      "SELECT COUNT(*) AS `all`, SUM(requested_by = :requestedBy) AS own FROM direct_inference WHERE state = 'queued'",
      { requestedBy },
    );
    return { all: row?.all ?? 0, own: Number(row?.own ?? 0) };
  }

  async pending(limit: number): Promise<string[]> {
    const rows = await this.statements.select<{ id: string }>(
      "SELECT id FROM direct_inference WHERE state = 'queued' ORDER BY created_at LIMIT :limit",
      { limit },
    );
    return rows.map(({ id }) => id);
  }

  async begin(id: string): Promise<number | null> {
    const begun = await this.statements.change(
      "UPDATE direct_inference SET attempts = attempts + 1 WHERE id = :id AND state = 'queued'",
      { id },
    );
    if (begun === 0) return null;
    return (await this.find(id))?.attempts ?? null;
  }

  async release(id: string): Promise<void> {
    await this.statements.change(
      "UPDATE direct_inference SET attempts = attempts - 1 WHERE id = :id AND state = 'queued' AND attempts > 0",
      { id },
    );
  }

  async succeed(
    id: string,
    answer: Omit<InferenceAnswer, "objects">,
    { segmentation, attention }: Readonly<Record<InferenceObject, Uint8Array | undefined>>,
  ): Promise<void> {
    const packed = (bytes: Uint8Array | undefined) => (bytes === undefined ? null : compress(bytes));
    const values = { segmentation: await packed(segmentation), attention: await packed(attention) };
    const objects = INFERENCE_OBJECTS.filter((kind) => values[kind] !== null);
    await this.statements.change(
      `UPDATE direct_inference SET state = 'succeeded', finished_at = UTC_TIMESTAMP(3), result = :result,
         segmentation = :segmentation, attention = :attention
       WHERE id = :id AND state = 'queued'`,
      {
        id,
        ...values,
        result: JSON.stringify({ ...answer, objects } satisfies InferenceAnswer),
      },
    );
    this.wake();
  }

  async fail(id: string, code: string, reason: string): Promise<void> {
    await this.statements.change(
      `UPDATE direct_inference SET state = 'failed', finished_at = UTC_TIMESTAMP(3), code = :code, reason = :reason
       WHERE id = :id AND state = 'queued'`,
      { id, code, reason: reason.slice(0, 1_000) },
    );
    this.wake();
  }

  async object(id: string, kind: InferenceObject): Promise<Buffer | null> {
    const [row] = await this.statements.select<{ bytes: Buffer | null }>(
      `SELECT ${kind} AS bytes FROM direct_inference WHERE id = :id AND state = 'succeeded'`,
      { id },
    );
    return row?.bytes == null ? null : decompress(row.bytes);
  }

  forget(): Promise<number> {
    return this.statements.change(
      "DELETE FROM direct_inference WHERE created_at < UTC_TIMESTAMP(3) - INTERVAL :minutes MINUTE LIMIT 500",
      { minutes: KEPT_MINUTES },
    );
  }
}
