import type { Bundle } from "fhir/r4.js";
import { describe, expect, test } from "vitest";
import { GENESIS_HASH, sealAll, type SealedRecord } from "../audit/chain.js";
import { AuditDestination } from "./audit-destination.js";

const at = new Date("2026-01-02T03:04:05.678Z");
const rows: SealedRecord[] = sealAll(
  [1, 2, 3].map((id) => ({
    id,
    accessId: `access-${id}`,
    closes: null,
    recordedAt: at,
    firstAt: at,
    lastAt: at,
    subject: "account:7",
    displayName: "D",
    kind: "account",
    role: "doctor",
    tokenId: "t",
    patientId: "P-1",
    issuerOfPatientId: "",
    studyInstanceUid: "1.2",
    action: "view" as const,
    target: "",
    outcome: "granted" as const,
    reason: null,
    sourceAddress: "10.0.0.1",
    userAgent: "test",
    breakGlassId: null,
    requests: 1,
    instances: 1,
    frames: 1,
  })),
  { sequence: 0, hash: GENESIS_HASH },
  at,
);

/** A destination whose FHIR server answers so to each entry. */
function answering(...statuses: string[]) {
  const sent: Bundle[] = [];
  const destination = new AuditDestination(
    {
      transaction(bundle) {
        sent.push(bundle);
        const entry = statuses.map((status) => ({ response: { status } }));
        return Promise.resolve({ resourceType: "Bundle", type: "batch-response", entry });
      },
      read: () => Promise.resolve(null),
      search: () => Promise.resolve([]),
    },
    {
      between: (first, last) =>
        Promise.resolve(rows.filter(({ sequence }) => sequence >= first && sequence <= last)),
    },
    "imaging.example.org",
  );
  return { destination, sent };
}

describe("delivering audit rows to FHIR", () => {
  test("creates each row unless its hash is there", async () => {
    const { destination, sent } = answering("201 Created", "200", "201");
    await destination.write("1-3");
    expect(sent[0]?.entry?.map(({ request }) => request?.ifNoneExist)).toEqual(
      rows.map(({ hash }) => `_tag=urn%3Aneuronova%3Aaudit-hash%7C${hash}`),
    );
  });

  test("is tried again when one entry could not be written for now", async () => {
    await expect(answering("201", "503", "201").destination.write("1-3")).rejects.toMatchObject({
      retryable: true,
    });
    await expect(answering("201").destination.write("1-3")).rejects.toMatchObject({ retryable: true });
    await expect(answering("201", "429", "201").destination.write("1-3")).rejects.toMatchObject({
      retryable: true,
    });
  });

  test("fails for good when one is refused", async () => {
    await expect(answering("201", "422", "201").destination.write("1-3")).rejects.toMatchObject({
      retryable: false,
      code: "fhir-refused",
    });
  });

  test("has nothing to do for rows that retention has removed", async () => {
    const { destination, sent } = answering();
    await destination.write("8-9");
    expect(sent).toEqual([]);
  });
});
