import { describe, expect, test } from "vitest";
import { GENESIS_HASH, hashOf, sealAll, type AuditRecord, type SealedRecord } from "./chain.js";
import { checkpointOf, verifyChain, type Anchor } from "./verify.js";

const time = new Date("2026-01-02T03:04:05.678Z");

function record(id: number, rest: Partial<AuditRecord> = {}): AuditRecord {
  return {
    id,
    accessId: "a",
    closes: null,
    recordedAt: time,
    firstAt: time,
    lastAt: time,
    subject: "account:7",
    displayName: "김^철수",
    kind: "account",
    role: "doctor",
    tokenId: "t",
    patientId: "P-1",
    issuerOfPatientId: "",
    studyInstanceUid: "1.2",
    action: "view",
    target: "",
    outcome: "granted",
    reason: null,
    sourceAddress: "10.0.0.1",
    userAgent: "test",
    breakGlassId: null,
    requests: 1,
    instances: 1,
    frames: 1,
    ...rest,
  };
}

function chainOf(...records: AuditRecord[]): SealedRecord[] {
  return sealAll(records, { sequence: 0, hash: GENESIS_HASH }, time);
}

function verify(
  rows: readonly SealedRecord[],
  head: Anchor = rows.at(-1) ?? { sequence: 0, hash: GENESIS_HASH },
  anchors: readonly Anchor[] = [],
) {
  return verifyChain(
    {
      sealedAfter: (sequence, limit) =>
        Promise.resolve(rows.filter((row) => row.sequence > sequence).slice(0, limit)),
      head: () => Promise.resolve(head),
      waiting: () => Promise.resolve(0),
    },
    anchors,
  );
}

const many = chainOf(...Array.from({ length: 2_500 }, (_row, index) => record(index + 1)));
const [first, last] = [many[0], many.at(-1)];

describe("the hash chain", () => {
  test("is valid as it was sealed, over several pages, and when there is nothing yet", async () => {
    expect(await verify(many)).toMatchObject({
      valid: true,
      records: 2_500,
      firstSequence: 1,
      lastSequence: 2_500,
    });
    expect(await verify([])).toMatchObject({ valid: true, records: 0 });
  });

  test("gives the same rows the same hashes however they were dealt out to sealings", () => {
    const records = [record(1), record(2), record(3)];
    const [whole1, , whole3] = chainOf(...records);
    const head = sealAll(records.slice(0, 1), { sequence: 0, hash: GENESIS_HASH }, time).at(-1);
    const rest = sealAll(records.slice(1), head ?? { sequence: 0, hash: "" }, time);
    expect([head?.hash, rest.at(-1)?.hash]).toEqual([whole1?.hash, whole3?.hash]);
  });

  test.each(Object.keys(record(1)).filter((field) => field !== "accessId"))(
    "shows that %s of a row was changed",
    async (field) => {
      const rows = many.slice(0, 10).map((row) => ({ ...row }));
      const other = field.endsWith("At") ? new Date(0) : field === "reason" || field === "role" ? "x" : 99;
      Object.assign(rows[4] ?? {}, { [field]: other });
      expect(await verify(rows)).toEqual({ valid: false, firstBadSequence: 5, problem: "changed" });
    },
  );

  test("shows a row that was changed and hashed anew, at the row after it", async () => {
    const rows = many.slice(0, 10).map((row) => ({ ...row }));
    const forged = rows[4];
    if (forged === undefined) throw new Error("there is no fifth row");
    Object.assign(forged, { subject: "account:8" });
    Object.assign(forged, { hash: hashOf(forged, forged) });
    expect(await verify(rows)).toEqual({ valid: false, firstBadSequence: 6, problem: "changed" });
  });

  test("shows a removed row, a removed start and a removed end", async () => {
    const without = (sequence: number) => many.filter((row) => row.sequence !== sequence);
    expect(await verify(without(1_500))).toEqual({
      valid: false,
      firstBadSequence: 1_500,
      problem: "missing",
    });
    expect(await verify(without(1))).toEqual({ valid: false, firstBadSequence: 1, problem: "start-missing" });
    expect(await verify(without(2_500), last)).toEqual({
      valid: false,
      firstBadSequence: 2_500,
      problem: "end-missing",
    });
    expect(await verify([], last)).toMatchObject({ valid: false, problem: "end-missing" });
  });

  test("shows an end that was cut with its head, and a chain made anew, to whoever kept an anchor", async () => {
    const cut = many.slice(0, 100);
    expect(await verify(cut, cut.at(-1))).toMatchObject({ valid: true });
    expect(await verify(cut, cut.at(-1), last ? [last] : [])).toEqual({
      valid: false,
      firstBadSequence: 101,
      problem: "end-missing",
    });
    const forged = chainOf(...cut.map((row) => record(row.id, { subject: "account:8" })));
    expect(await verify(forged)).toMatchObject({ valid: true });
    expect(await verify(forged, forged.at(-1), first ? [first] : [])).toEqual({
      valid: false,
      firstBadSequence: 1,
      problem: "anchor-differs",
    });
  });

  test("may begin where a row in it says that retention removed what was before", async () => {
    const checkpoint = record(2_501, {
      action: "audit-retention",
      target: checkpointOf(many[999] as Anchor),
    });
    const rows = [...many, ...sealAll([checkpoint], last ?? { sequence: 0, hash: "" }, time)];
    expect(await verify(rows.slice(1_000))).toMatchObject({
      valid: true,
      firstSequence: 1_001,
      records: 1_501,
    });
    expect(await verify(rows.slice(999))).toMatchObject({ problem: "start-missing" });
    expect(await verify(rows.slice(1_001))).toMatchObject({ problem: "start-missing" });
  });
});
