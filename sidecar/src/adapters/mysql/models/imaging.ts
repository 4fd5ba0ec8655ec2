import {
  DataTypes,
  Model,
  type InferAttributes,
  type InferCreationAttributes,
  type Sequelize,
} from "sequelize";
import type { OrthancId, Uid } from "../../../dicom/uid.js";
import type { RenditionState, SeriesState, Urgency } from "../../../state/records.js";

export class StudyModel extends Model<InferAttributes<StudyModel>, InferCreationAttributes<StudyModel>> {
  declare orthancId: OrthancId;
  declare studyInstanceUid: Uid;
  declare patientKey: string;
  declare patientId: string;
  declare issuerOfPatientId: string;
  declare patientName: string;
  declare patientBirthDate: string;
  declare patientSex: string;
  declare studyDate: string;
  declare studyTime: string;
  declare studyDescription: string;
  declare accessionNumber: string;
}

export class SeriesModel extends Model<InferAttributes<SeriesModel>, InferCreationAttributes<SeriesModel>> {
  declare orthancId: OrthancId;
  declare studyId: OrthancId;
  declare seriesInstanceUid: Uid;
  declare modality: string;
  declare seriesNumber: number | null;
  declare seriesDescription: string;
  declare bodyPartExamined: string;
  declare state: SeriesState;
}

export class InstanceModel extends Model<
  InferAttributes<InstanceModel>,
  InferCreationAttributes<InstanceModel>
> {
  declare orthancId: OrthancId;
  declare seriesId: OrthancId;
  declare sopInstanceUid: Uid;
  declare sopClassUid: string;
  declare fileUuid: string;
  declare transferSyntaxUid: string;
  declare instanceNumber: number | null;
  declare numberOfFrames: number;
  declare rendition: RenditionState;
  declare reason: string | null;
  declare attempts: number;
  declare renditionFormat: number | null;
  declare renditionBytes: number | null;
  declare pixelBytes: number | null;
  declare arrivedAt: Date;
  declare renderedAt: Date | null;
  declare urgency: Urgency;
  declare renditionMd5: string | null;
  declare recalledAt: Date | null;
  declare verifiedAt: Date | null;
  declare traceparent: string | null;
}

// Fresh objects each time: Sequelize writes the column name into them.
const id = () => ({ type: DataTypes.CHAR(44), primaryKey: true });
const text = () => ({ type: DataTypes.STRING, allowNull: false });
const number = DataTypes.INTEGER;

/** Binds the models of the imaging hierarchy to a connection. */
export function defineImagingModels(sequelize: Sequelize): void {
  StudyModel.init(
    {
      orthancId: id(),
      studyInstanceUid: text(),
      patientKey: text(),
      patientId: text(),
      issuerOfPatientId: text(),
      patientName: text(),
      patientBirthDate: text(),
      patientSex: text(),
      studyDate: text(),
      studyTime: text(),
      studyDescription: text(),
      accessionNumber: text(),
    },
    { sequelize, tableName: "study" },
  );
  SeriesModel.init(
    {
      orthancId: id(),
      studyId: text(),
      seriesInstanceUid: text(),
      modality: text(),
      seriesNumber: number,
      seriesDescription: text(),
      bodyPartExamined: text(),
      state: text(),
    },
    { sequelize, tableName: "series" },
  );
  InstanceModel.init(
    {
      orthancId: id(),
      seriesId: text(),
      sopInstanceUid: text(),
      sopClassUid: text(),
      fileUuid: text(),
      transferSyntaxUid: text(),
      instanceNumber: number,
      numberOfFrames: number,
      rendition: text(),
      reason: DataTypes.STRING,
      attempts: number,
      renditionFormat: number,
      renditionBytes: DataTypes.BIGINT,
      pixelBytes: DataTypes.BIGINT,
      arrivedAt: DataTypes.DATE(3),
      renderedAt: DataTypes.DATE(3),
      urgency: text(),
      renditionMd5: DataTypes.CHAR(32),
      recalledAt: DataTypes.DATE(3),
      verifiedAt: DataTypes.DATE(3),
      traceparent: DataTypes.CHAR(55),
    },
    { sequelize, tableName: "instance" },
  );
}
