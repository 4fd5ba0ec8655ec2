import { createHash } from "node:crypto";
import { createConnection, type Connection } from "mysql2/promise";
import { patientKeyOf } from "../../src/dicom/patient-key.js";

/** Studies that change, each change with its message in one transaction, as the program makes them. */
export class ChangingStudies {
  /** What each study's description is now, by its archive identity. */
  readonly descriptions = new Map<string, string>();
  private changes = 0;

  private constructor(private readonly connection: Connection) {}

  static async open(databaseUrl: string): Promise<ChangingStudies> {
    const { username, password, pathname, searchParams } = new URL(databaseUrl);
    return new ChangingStudies(
      await createConnection({
        user: username,
        password: decodeURIComponent(password),
        database: pathname.slice(1),
        socketPath: searchParams.get("socketPath") ?? "",
        timezone: "Z",
      }),
    );
  }

  /** The study of patient `number` is made, or gets another description; answers its archive identity. */
  async change(number: number, description = `change ${++this.changes}`): Promise<string> {
    const study = studyOf(number);
    await this.connection.beginTransaction();
    await this.connection.query(
      `INSERT INTO study (orthanc_id, study_instance_uid, patient_key, patient_id, issuer_of_patient_id, patient_name,
         patient_birth_date, patient_sex, study_date, study_time, study_description, accession_number)
       VALUES (?, ?, ?, ?, '', ?, '19700101', 'F', '20260102', '', ?, ?)
       ON DUPLICATE KEY UPDATE study_description = VALUES(study_description)`,
      [
        study.id,
        study.uid,
        study.patientKey,
        study.patientId,
        study.patientName,
        description,
        study.accession,
      ],
    );
    await this.connection.query(
      "INSERT INTO outbox (destination, aggregate, kind, subject) VALUES ('fhir', ?, 'study', ?)",
      [study.patientKey, study.id],
    );
    await this.connection.commit();
    this.descriptions.set(study.id, description);
    return study.id;
  }

  async rows<T>(statement: string, values: (string | number)[] = []): Promise<T[]> {
    const [rows] = await this.connection.query(statement, values);
    return rows as T[];
  }

  /** Waits until no message about a study waits. */
  delivered(seconds: number): Promise<void> {
    return this.nothingWaits("kind = 'study'", [], seconds);
  }

  /** Waits until no message about the subject waits. */
  ended(subject: string, seconds: number): Promise<void> {
    return this.nothingWaits("subject = ?", [subject], seconds);
  }

  private async nothingWaits(about: string, values: string[], seconds: number): Promise<void> {
    const deadline = Date.now() + seconds * 1_000;
    for (;;) {
      const [row] = await this.rows<{ waiting: number }>(
        `SELECT COUNT(*) AS waiting FROM outbox WHERE state = 'pending' AND ${about}`,
        values,
      );
      if (row?.waiting === 0) return;
      if (Date.now() > deadline)
        throw new Error(`${row?.waiting ?? "?"} messages still wait after ${seconds} s`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async close(): Promise<void> {
    await this.connection.end();
  }
}

export function studyOf(number: number) {
  const patientId = `OUTBOX-${number}`;
  return {
    id: orthancId(`study ${number}`),
    uid: `1.2.826.0.1.3680043.10.1.${number}`,
    patientKey: patientKeyOf({ patientId, issuerOfPatientId: "" }),
    patientId,
    patientName: `Outbox^Patient ${number}`,
    accession: `A${number}`,
  };
}

/** Looks like the identity Orthanc gives. */
function orthancId(text: string): string {
  return (createHash("sha1").update(text).digest("hex").match(/.{8}/g) ?? []).join("-");
}
