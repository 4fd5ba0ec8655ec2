import type { ChildProcess } from "node:child_process";
import { QueryTypes, type Sequelize } from "sequelize";
import { connect } from "../../src/adapters/mysql/connection.js";
import { endOf, startProgramBeside, type ProgramEnd } from "./run-program.js";
import type { RunningStack } from "./running-stack.js";

export interface RenditionRow {
  readonly id: string;
  readonly sop: string;
  readonly rendition: string;
  readonly urgency: string;
  readonly format: number | null;
  readonly bytes: number | null;
  readonly md5: string | null;
  readonly attempts: number;
}

interface AddressedImage {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
}

/** The renditions of a running stack: as rows, as attachments, as a client gets them, and by `neuronova htj2k`. */
export class RenditionShelf {
  readonly database: Sequelize;

  constructor(private readonly stack: RunningStack) {
    this.database = connect({ url: stack.local.databaseUrl, poolSize: 4 });
  }

  close(): Promise<void> {
    return this.database.close();
  }

  /** The instances of a study, or all of them, in the order they arrived. */
  async rows(studyInstanceUid?: string): Promise<RenditionRow[]> {
    return this.select<RenditionRow>(
      `SELECT instance.orthanc_id AS id, instance.sop_instance_uid AS sop, rendition, urgency, rendition_format AS format,
         rendition_bytes AS bytes, rendition_md5 AS md5, attempts
       FROM instance JOIN series ON series.orthanc_id = series_id JOIN study ON study.orthanc_id = study_id
       WHERE :study IS NULL OR study_instance_uid = :study ORDER BY arrived_at, instance_number`,
      { study: studyInstanceUid ?? null },
    );
  }

  async row(image: AddressedImage): Promise<RenditionRow | undefined> {
    return (await this.rows(image.studyInstanceUid)).find(({ sop }) => sop === image.sopInstanceUid);
  }

  select<T extends object>(statement: string, replacements: Record<string, unknown> = {}): Promise<T[]> {
    return this.database.query<T>(statement, { replacements, type: QueryTypes.SELECT });
  }

  async change(statement: string, replacements: Record<string, unknown> = {}): Promise<void> {
    await this.database.query(statement, { replacements });
  }

  /** The attached bytes; undefined when nothing is attached. */
  async attachment(orthancId: string): Promise<Buffer | undefined> {
    const answer = await this.stack.orthanc(`/instances/${orthancId}/attachments/htj2k/data`);
    const bytes = Buffer.from(await answer.arrayBuffer());
    return answer.ok ? bytes : undefined;
  }

  /** Other bytes at the place of the rendition, by Orthanc's REST API with the account. */
  async replaceAttachment(orthancId: string, bytes: Uint8Array): Promise<void> {
    const path = `/instances/${orthancId}/attachments/htj2k`;
    const answer = await this.stack.orthanc(path, { method: "PUT", body: Buffer.from(bytes) });
    if (!answer.ok) throw new Error(`Orthanc answered ${answer.status}`);
  }

  /** The first frame as a viewer asks for it, through nginx. */
  async frame(image: AddressedImage): Promise<{ readonly htj2k: boolean; readonly bytes: Buffer }> {
    const path = `/dicom-web/studies/${image.studyInstanceUid}/series/${image.seriesInstanceUid}/instances/${image.sopInstanceUid}/frames/1`;
    const answer = await this.stack.fetch(path, {
      headers: { Accept: "multipart/related; type=application/octet-stream; transfer-syntax=*" },
    });
    const body = Buffer.from(await answer.arrayBuffer());
    if (!answer.ok) throw new Error(`the frame was answered with ${answer.status}`);
    const start = body.indexOf("\r\n\r\n") + 4;
    const end = body.lastIndexOf("\r\n--");
    return { htj2k: body.includes("1.2.840.10008.1.2.4.202"), bytes: body.subarray(start, end) };
  }

  /** The metrics of one process, by its place in the stack's list of processes. */
  async metrics(process = 0): Promise<string> {
    return (await fetch(`http://127.0.0.1:${this.stack.local.ports.sidecar[process] ?? 0}/metrics`)).text();
  }

  /** How many transcoding jobs are in the queue in a state of BullMQ. */
  async queued(state: "waiting" | "prioritized" | "active" | "delayed"): Promise<number> {
    const label = `neuronova_queue_jobs{step="transcode-instance",state="${state}"} `;
    const line = (await this.metrics()).split("\n").find((each) => each.startsWith(label));
    return Number(line?.slice(label.length) ?? Number.NaN);
  }

  start(...args: string[]): ChildProcess {
    return this.startWith({}, ...args);
  }

  startWith(settings: Readonly<Record<string, string>>, ...args: string[]): ChildProcess {
    return startProgramBeside(this.stack, "cli", ["htj2k", ...args], settings);
  }

  /** `neuronova htj2k …` until it ends. */
  command(...args: string[]): Promise<ProgramEnd> {
    return this.commandWith({}, ...args);
  }

  commandWith(settings: Readonly<Record<string, string>>, ...args: string[]): Promise<ProgramEnd> {
    return endOf(this.startWith(settings, ...args));
  }
}
