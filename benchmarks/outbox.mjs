import { Redis } from "ioredis";
import { createConnection } from "mysql2/promise";
import { createHash } from "node:crypto";
import { percentile } from "./measure/result.mjs";
import { onStack } from "./measure/running-stack.mjs";

const PATIENTS = 100;
const MESSAGES = 1_000;
/** Changes come one after the other, as from people who work. */
const BETWEEN_CHANGES_MILLISECONDS = 20;

/** @typedef {import("../scripts/local-stack/start-stack.mjs").Stack} Stack */
/** @typedef {import("mysql2/promise").Connection} Connection */

/**
 * 100 patients from commit to FHIR; 1,000 changes that waited for an outage to end; and the throughput of these against
 * a bare loop that writes the same resources to the same server in the same run.
 *
 * @returns {Promise<import("./measure/result.mjs").Measurement>}
 */
export async function measure() {
  return onStack(
    async (stack) => {
      const database = await connect(stack.databaseUrl);
      const redis = new Redis({ path: stack.redisSocket, password: stack.secrets.redisPassword });
      const fhir = /** @type {import("../scripts/local-stack/supervised-process.mjs").SupervisedProcess} */ (
        stack.processes["fhir"]
      );
      await change(database, -1);
      await delivered(database);

      for (let patient = 0; patient < PATIENTS; patient += 1) {
        await change(database, patient);
        // As another process of the program does after a commit (adapters/redis/wake.ts).
        await redis.publish("neuronova:wake", "outbox");
        await pause(BETWEEN_CHANGES_MILLISECONDS);
      }
      await delivered(database);
      const lags = await lagsOf(database);

      await fhir.stop();
      for (let message = 0; message < MESSAGES; message += 1) await change(database, PATIENTS + message);
      await openBreaker(stack);
      await fhir.start();
      const back = performance.now();
      await delivered(database);
      const drainSeconds = (performance.now() - back) / 1000;

      const perSecond = await pace(database);
      const barePerSecond = MESSAGES / (await bareLoop(stack.fhirUrl));
      const [[{ failed }]] = /** @type {[[{ failed: number }], unknown]} */ (
        /** @type {unknown} */ (
          await database.query("SELECT COUNT(*) AS failed FROM outbox WHERE state = 'failed'")
        )
      );
      await database.end();
      redis.disconnect();
      return {
        metrics: {
          patients: lags.length,
          p50Milliseconds: percentile(lags, 0.5),
          p95Milliseconds: percentile(lags, 0.95),
          p99Milliseconds: percentile(lags, 0.99),
          maxMilliseconds: Math.max(...lags),
          failures: failed,
          drainOf1000Seconds: drainSeconds,
          drainPerSecond: perSecond,
          bareLoopPerSecond: barePerSecond,
        },
        ratio: perSecond / barePerSecond,
        of: "messages per second of the drain once it goes, over those of a bare loop of conditional PUTs of the same resources",
        target: { atLeast: 0.8 },
      };
    },
    undefined,
    { NEURONOVA_AUDIT_FHIR: "off" },
  );
}

/** @param {string} databaseUrl */
function connect(databaseUrl) {
  const { username, password, pathname, searchParams } = new URL(databaseUrl);
  return createConnection({
    user: username,
    password: decodeURIComponent(password),
    database: pathname.slice(1),
    socketPath: searchParams.get("socketPath") ?? "",
    timezone: "Z",
  });
}

/** @param {number} number */
function studyOf(number) {
  const digest = createHash("sha1").update(`bench ${number}`).digest("hex");
  return {
    id: (digest.match(/.{8}/g) ?? []).join("-"),
    uid: `1.2.826.0.1.3680043.10.2.${number + 1}`,
    patientKey: createHash("sha256").update(`patient ${number}`).digest("hex"),
    patientId: `BENCH-${number}`,
  };
}

/**
 * A study of a patient of its own, and its message, in one transaction.
 *
 * @param {Connection} database
 * @param {number} number
 */
async function change(database, number) {
  const { id, uid, patientKey, patientId } = studyOf(number);
  await database.beginTransaction();
  await database.query(
    `INSERT INTO study (orthanc_id, study_instance_uid, patient_key, patient_id, issuer_of_patient_id, patient_name,
       patient_birth_date, patient_sex, study_date, study_time, study_description, accession_number)
     VALUES (?, ?, ?, ?, '', 'Bench^Mark', '19700101', 'O', '20260102', '', 'benchmark', '')`,
    [id, uid, patientKey, patientId],
  );
  await database.query(
    "INSERT INTO outbox (destination, aggregate, kind, subject) VALUES ('fhir', ?, 'study', ?)",
    [patientKey, id],
  );
  await database.commit();
}

/** @param {Connection} database */
async function delivered(database) {
  for (;;) {
    const [[row]] = /** @type {[[{ waiting: number }], unknown]} */ (
      /** @type {unknown} */ (
        await database.query("SELECT COUNT(*) AS waiting FROM outbox WHERE state = 'pending'")
      )
    );
    if (row.waiting === 0) return;
    await pause(20);
  }
}

/**
 * From the insert of each message to the commit of its delivery.
 *
 * @param {Connection} database
 * @returns {Promise<number[]>} milliseconds
 */
async function lagsOf(database) {
  const [rows] = /** @type {[{ lag: string }[], unknown]} */ (
    /** @type {unknown} */ (
      await database.query(
        "SELECT TIMESTAMPDIFF(MICROSECOND, created_at, delivered_at) / 1000 AS lag FROM outbox WHERE state = 'delivered' ORDER BY id DESC LIMIT ?",
        [PATIENTS],
      )
    )
  );
  return rows.map(({ lag }) => Number(lag));
}

/**
 * Of the drain, from the first that was delivered to the last: noticing that the server is back is in its seconds, and
 * no matter of throughput.
 *
 * @param {Connection} database
 * @returns {Promise<number>} messages per second
 */
async function pace(database) {
  const [[row]] = /** @type {[[{ seconds: string, later: string }], unknown]} */ (
    /** @type {unknown} */ (
      await database.query(
        `SELECT TIMESTAMPDIFF(MICROSECOND, MIN(first.at), MAX(delivered_at)) / 1e6 AS seconds,
           SUM(delivered_at > first.at) AS later
         FROM (SELECT delivered_at FROM outbox WHERE state = 'delivered' ORDER BY id DESC LIMIT ?) AS drained,
           (SELECT MIN(delivered_at) AS at FROM (SELECT delivered_at FROM outbox WHERE state = 'delivered'
              ORDER BY id DESC LIMIT ?) AS same) AS first`,
        [MESSAGES, MESSAGES],
      )
    )
  );
  return Number(row.later) / Number(row.seconds);
}

/** @param {Stack} stack */
async function openBreaker(stack) {
  for (;;) {
    const answer = await fetch(`${stack.address}/api/health/ready`);
    const { breakers } = /** @type {{ breakers: Record<string, string> }} */ (await answer.json());
    if (breakers["fhir"] === "open") return;
    await pause(100);
  }
}

/**
 * Patient and ImagingStudy, one request each, one after the other: what a program without an outbox would do.
 *
 * @param {string} fhirUrl
 * @returns {Promise<number>} seconds
 */
async function bareLoop(fhirUrl) {
  const began = performance.now();
  for (let message = 0; message < MESSAGES; message += 1) {
    const { id, uid, patientId } = studyOf(-1000 - message);
    const patient = await put(fhirUrl, "Patient", `urn:bench:patient|${patientId}`, {
      resourceType: "Patient",
      identifier: [{ system: "urn:bench:patient", value: patientId }],
      name: [{ use: "official", text: "Mark Bench", family: "Bench", given: ["Mark"] }],
      gender: "other",
      birthDate: "1970-01-01",
    });
    await put(fhirUrl, "ImagingStudy", `urn:bench:study|${id}`, {
      resourceType: "ImagingStudy",
      identifier: [
        { system: "urn:dicom:uid", value: `urn:oid:${uid}` },
        { system: "urn:bench:study", value: id },
      ],
      status: "available",
      subject: { reference: `Patient/${patient}` },
      started: "2026-01-02",
      numberOfSeries: 0,
      numberOfInstances: 0,
      description: "benchmark",
    });
  }
  return (performance.now() - began) / 1000;
}

/**
 * @param {string} fhirUrl
 * @param {string} type
 * @param {string} identifier
 * @param {object} resource
 * @returns {Promise<string>} the id
 */
async function put(fhirUrl, type, identifier, resource) {
  const answer = await fetch(`${fhirUrl}/${type}?identifier=${encodeURIComponent(identifier)}`, {
    method: "PUT",
    headers: { "Content-Type": "application/fhir+json" },
    body: JSON.stringify(resource),
  });
  if (!answer.ok) throw new Error(`the FHIR server answered ${answer.status}: ${await answer.text()}`);
  return /** @type {{ id: string }} */ (await answer.json()).id;
}

/** @param {number} milliseconds */
function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
