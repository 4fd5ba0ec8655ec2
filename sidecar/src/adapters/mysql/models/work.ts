import {
  DataTypes,
  Model,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type Sequelize,
} from "sequelize";
import type { OrthancId } from "../../../dicom/uid.js";
import type { AnalysisPriority, AnalysisState } from "../../../state/records.js";

export class AnalysisModel extends Model<
  InferAttributes<AnalysisModel>,
  InferCreationAttributes<AnalysisModel>
> {
  declare id: CreationOptional<number>;
  declare seriesId: OrthancId;
  declare modelName: string;
  declare modelVersion: string;
  declare inputDigest: string;
  declare shadow: CreationOptional<boolean>;
  declare state: AnalysisState;
  declare code: string | null;
  declare reason: string | null;
  declare attempts: CreationOptional<number>;
  declare priority: CreationOptional<AnalysisPriority>;
  declare requestedBy: string | null;
  declare slices: CreationOptional<number>;
  declare slicesDone: CreationOptional<number>;
  declare interruptions: CreationOptional<number>;
  declare cancelRequestedAt: Date | null;
  declare queuedAt: Date;
  declare startedAt: Date | null;
  declare finishedAt: Date | null;
  /** JSON of AnalysisResult; of a shadow analysis of ResultFigures. */
  declare result: string | null;
  declare traceparent: CreationOptional<string | null>;
}

export class OutboxModel extends Model<InferAttributes<OutboxModel>, InferCreationAttributes<OutboxModel>> {
  declare id: CreationOptional<number>;
  declare destination: string;
  declare aggregate: string;
  declare kind: string;
  declare subject: string;
  declare state: CreationOptional<"pending" | "delivered" | "failed">;
  declare attempts: CreationOptional<number>;
  declare lastError: CreationOptional<string | null>;
  declare traceparent: CreationOptional<string | null>;
}

// Fresh objects each time: Sequelize writes the column name into them.
const key = () => ({ type: DataTypes.BIGINT, primaryKey: true, autoIncrement: true });
const text = () => ({ type: DataTypes.STRING, allowNull: false });
const instant = DataTypes.DATE(3);

/** Binds the models of analyses and outbox to a connection. */
export function defineWorkModels(sequelize: Sequelize): void {
  AnalysisModel.init(
    {
      id: key(),
      seriesId: text(),
      modelName: text(),
      modelVersion: text(),
      inputDigest: text(),
      shadow: DataTypes.BOOLEAN,
      state: text(),
      code: DataTypes.STRING,
      reason: DataTypes.STRING,
      attempts: DataTypes.INTEGER,
      priority: DataTypes.STRING,
      requestedBy: DataTypes.STRING,
      slices: DataTypes.INTEGER,
      slicesDone: DataTypes.INTEGER,
      interruptions: DataTypes.INTEGER,
      cancelRequestedAt: instant,
      queuedAt: instant,
      startedAt: instant,
      finishedAt: instant,
      result: DataTypes.TEXT,
      traceparent: DataTypes.CHAR(55),
    },
    { sequelize, tableName: "analysis" },
  );
  OutboxModel.init(
    {
      id: key(),
      destination: text(),
      aggregate: text(),
      kind: text(),
      subject: text(),
      state: DataTypes.STRING,
      attempts: DataTypes.INTEGER,
      lastError: DataTypes.STRING,
      traceparent: DataTypes.CHAR(55),
    },
    { sequelize, tableName: "outbox" },
  );
}
