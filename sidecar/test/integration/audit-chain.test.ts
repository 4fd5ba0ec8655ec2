import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import type { AuditEvent } from "fhir/r4.js";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MySqlAudit } from "../../src/adapters/mysql/mysql-audit.js";
import { MySqlAuditChain } from "../../src/adapters/mysql/mysql-audit-chain.js";
import { defineWorkModels } from "../../src/adapters/mysql/models/work.js";
import { removeBefore } from "../../src/audit/retention.js";
import { Trail } from "../../src/audit/trail.js";
import { AuditLog } from "../stack/audit-log.js";
import { People, imageOf, instancePath, studyPath } from "../stack/people.js";
import { RunningStack } from "../stack/running-stack.js";

let stack: RunningStack;
let people: People;
let audit: AuditLog;
const image = imageOf(1, "P-1", "Hers^Patient");

beforeAll(async () => {
  stack = await RunningStack.start({ sidecarProcesses: [["api"], ["transcoding", "inference", "delivery"]] });
  people = new People(stack);
  audit = new AuditLog(stack);
  defineWorkModels(audit.database);
  await people.store(image.bytes);
});

afterAll(async () => {
  await audit.close();
  await stack.stop();
});

async function status(path: string, token: string): Promise<number> {
  const response = await fetch(stack.local.address + path, { headers: { Authorization: `Bearer ${token}` } });
  await response.arrayBuffer();
  return response.status;
}

describe("the api process killed with SIGKILL", () => {
  test("leaves a row for every study it has answered about", async () => {
    const api = stack.local.processes["sidecar-api"];
    if (api === undefined) throw new Error("there is no api process");
    const token = await stack.token();
    const answered: string[] = [];
    let next = 0;
    const lane = async (): Promise<void> => {
      while (next < 600) {
        const uid = `1.9.${(next += 1)}`;
        if (next === 200) api.kill("SIGKILL");
        // nginx says 502 for a sidecar that is gone; 404 is Orthanc's, asked after the sidecar let it pass.
        const answer = await status(`/dicom-web/studies/${uid}/metadata`, token).catch(() => 0);
        if (answer === 404 || answer === 200) answered.push(uid);
      }
    };
    await Promise.all(Array.from({ length: 16 }, lane));
    const rows = await audit.select<{ uid: string }>(
      "SELECT study_instance_uid AS uid FROM audit_record WHERE study_instance_uid LIKE '1.9.%'",
    );
    const recorded = new Set(rows.map(({ uid }) => uid));
    expect(answered.length).toBeGreaterThan(100);
    expect(answered.filter((uid) => !recorded.has(uid))).toEqual([]);
    await until(200, () => status("/api/health/ready", token));
    expect(api.restarts).toBeGreaterThan(0);
  });

  test("loses no count that is older than a second, and its views are ended by another", async () => {
    const api = stack.local.processes["sidecar-api"];
    const { accessToken } = await people.logIn("admin", stack.local.secrets.adminPassword);
    for (let frame = 0; frame < 50; frame += 1)
      expect(await status(`${instancePath(image)}/frames/1`, accessToken)).toBe(200);
    await pause(1_000);
    api?.kill("SIGKILL");
    await until(200, () => status("/api/health/ready", accessToken));
    const [entry] = await audit.entries({ study: image.studyInstanceUid, action: "view" });
    expect(entry).toMatchObject({ requests: 50, frames: 50, instances: 1, ended: false });
    // As the leader does when nobody has gone on with it for five minutes.
    const store = new MySqlAudit(audit.database);
    while ((await store.endIdle(new Date(Date.now() + 1_000))) > 0);
    const [ended] = await audit.entries({ study: image.studyInstanceUid, action: "view" });
    expect(ended).toMatchObject({ id: entry?.id, requests: 50, frames: 50, ended: true });
    await audit.sealed();
  });
});

describe("the chain", () => {
  test("stays one chain when several seal at once while rows are added", async () => {
    const sealers = Array.from({ length: 4 }, () => new MySqlAuditChain(audit.database));
    const trail = new Trail(new MySqlAudit(audit.database), pino({ level: "silent" }));
    const who = {
      subject: "program:test",
      kind: "program",
      displayName: "",
      role: null,
      tokenId: "",
    } as const;
    const rows = Array.from({ length: 100 }, (_row, index) =>
      trail.record({
        who,
        source: { address: "", userAgent: "" },
        action: "view",
        target: `${index}`,
        outcome: "granted",
        reason: null,
        studyInstanceUids: [],
        patient: null,
        breakGlassId: null,
      }),
    );
    const sealing = sealers.flatMap((sealer) => Array.from({ length: 10 }, () => sealer.seal(7, false)));
    await Promise.all([...rows, ...sealing]);
    await trail.stop();
    await audit.sealed();
  });

  test("shows a changed row, a removed row and a cut end, by API and by command", async () => {
    await audit.sealed();
    const anchor = await audit.verify();
    if (!anchor.valid) throw new Error("the chain is broken before anybody touched it");
    const victim = Math.floor(anchor.lastSequence / 2);
    const broken = async (problem: string, sequence: number) => {
      expect(await audit.verify()).toEqual({ valid: false, firstBadSequence: sequence, problem });
      const command = await audit.command("verify");
      expect(command.status).toBe(1);
      expect(JSON.parse(command.output)).toMatchObject({ firstBadSequence: sequence });
    };
    await audit.change("UPDATE audit_record SET subject = CONCAT(subject, 'x') WHERE sequence = :victim", {
      victim,
    });
    await broken("changed", victim);
    await audit.change(
      "UPDATE audit_record SET subject = LEFT(subject, LENGTH(subject) - 1) WHERE sequence = :victim",
      { victim },
    );
    expect(await audit.verify()).toMatchObject({ valid: true });

    await audit.change("CREATE TABLE kept AS SELECT * FROM audit_record WHERE sequence = :victim", {
      victim,
    });
    await audit.change("DELETE FROM audit_record WHERE sequence = :victim", { victim });
    await broken("missing", victim);
    await audit.change("INSERT INTO audit_record SELECT * FROM kept");
    await audit.sealed();

    const [end] = await audit.select<{ sequence: number }>("SELECT sequence FROM audit_head");
    const cut = { from: (end?.sequence ?? 0) - 2, through: end?.sequence ?? 0 };
    await audit.change("DELETE FROM kept");
    await audit.change(
      "INSERT INTO kept SELECT * FROM audit_record WHERE sequence BETWEEN :from AND :through",
      cut,
    );
    await audit.change("DELETE FROM audit_record WHERE sequence BETWEEN :from AND :through", cut);
    expect(await audit.verify()).toMatchObject({ valid: false, firstBadSequence: cut.from });
    expect((await audit.command("verify")).status).toBe(1);
    await audit.change("INSERT INTO audit_record SELECT * FROM kept");
    await audit.sealed();

    const command = await audit.command("verify", "--anchor", `${anchor.lastSequence}:${anchor.lastHash}`);
    expect(command.status, command.output).toBe(0);
    const other = `${anchor.lastSequence}:${"0".repeat(64)}`;
    expect((await audit.command("verify", "--anchor", other)).status).toBe(1);
    expect((await audit.command("verify", "--anchor", `999999:${anchor.lastHash}`)).status).toBe(1);
    expect((await audit.command("verify", "--anchor", "nonsense")).status).toBe(64);
  });

  test("exports every sealed row in its order", async () => {
    const { output } = await audit.command("export", "--chain");
    const sequences = output
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as { sequence: number }).sequence);
    expect(sequences).toEqual(sequences.map((_sequence, index) => index + 1));
    expect(sequences.length).toBeGreaterThan(100);
  });
});

describe("each sealed row", () => {
  test("is one AuditEvent in the FHIR server, however often it is delivered", async () => {
    await audit.sealed();
    const [entry] = await audit.entries({ study: image.studyInstanceUid, action: "view" });
    const tag = encodeURIComponent(`urn:neuronova:audit-hash|${entry?.hash ?? ""}`);
    const find = () => stack.fhir<AuditEvent>(`AuditEvent?_tag=${tag}`);
    const delivered = async () => {
      const [row] = await audit.select<{ waiting: number }>(
        "SELECT COUNT(*) AS waiting FROM outbox WHERE kind = 'audit' AND state <> 'delivered'",
      );
      return row?.waiting === 0 ? 200 : 0;
    };
    await until(200, delivered);
    const [event, ...others] = await find();
    expect(others).toEqual([]);
    expect(event).toMatchObject({ action: "R", outcome: "0" });
    expect(event?.meta?.profile?.[0]).toMatch(/IHE\.BasicAudit\.PatientRead$/);
    expect(event?.entity?.some(({ what }) => what?.identifier?.value === "P-1")).toBe(true);
    await audit.change("UPDATE outbox SET state = 'pending' WHERE kind = 'audit'");
    await until(200, delivered);
    expect(await find()).toHaveLength(1);
  });
});

describe("with the database away", () => {
  test("nothing is shown, neither a new view nor one that goes on; then both again", async () => {
    const token = await stack.token();
    const known = `${instancePath(image)}/frames/1`;
    expect(await status(known, token)).toBe(200);
    await stack.local.processes["mariadb"]?.stop();
    try {
      expect(await status(`/dicom-web/studies/1.8.1/metadata`, token)).toBe(503);
      await until(503, () => status(known, token));
      expect(await status(`/api/studies/${image.studyInstanceUid}`, token)).toBe(503);
      expect(await status(`${studyPath(image)}/metadata`, "no token")).toBe(503);
    } finally {
      await stack.local.processes["mariadb"]?.start();
    }
    await until(200, () => status(known, token));
    await audit.sealed();
  });
});

describe("retention", () => {
  test("removes the start of the chain and leaves a row that says where it begins now", async () => {
    await audit.sealed();
    const trail = new Trail(new MySqlAudit(audit.database), pino({ level: "silent" }));
    const chain = new MySqlAuditChain(audit.database);
    const { sequence } = await chain.head();
    const removed = await removeBefore(new Date(), { chain, trail, announce: true });
    await trail.stop();
    expect(removed).toBeGreaterThanOrEqual(sequence);
    await audit.sealed();
    const verification = await audit.verify();
    expect(verification).toMatchObject({ valid: true });
    expect(verification.valid && verification.firstSequence).toBeGreaterThan(sequence);
    await audit.change(
      "UPDATE audit_record SET target = 'removed-through:1:' WHERE action = 'audit-retention'",
    );
    expect(await audit.verify()).toMatchObject({ valid: false });
  });
});

describe("an end that was cut together with the head", () => {
  test("is logged by the process that seals, and shown to whoever kept an anchor", async () => {
    const chain = new MySqlAuditChain(audit.database);
    const anchor = await chain.head();
    // Rows of the test before spoilt the chain: it begins anew, as somebody would make it who hides something.
    await audit.change("DELETE FROM audit_record");
    await audit.change("UPDATE audit_head SET sequence = 0, hash = REPEAT('0', 64)");
    await until(200, async () => {
      const log = await readFile(`${stack.local.logs}/sidecar-api.log`, "utf8");
      return log.includes("the audit chain was cut") ? 200 : 0;
    });
    await audit.sealed();
    expect((await audit.command("verify")).status).toBe(0);
    const shown = await audit.command("verify", "--anchor", `${anchor.sequence}:${anchor.hash}`);
    expect(shown.status).toBe(1);
    expect(JSON.parse(shown.output)).toMatchObject({ valid: false, problem: "end-missing" });
  });
});

/** Asks until it answers so, for half a minute at most. */
async function until(wanted: number, ask: () => Promise<number>): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const answer = await ask().catch(() => 0);
    if (answer === wanted) return;
    if (Date.now() > deadline) throw new Error(`still ${answer}, not ${wanted}`);
    await pause(100);
  }
}
