import { expect, test } from "vitest";
import { readiness } from "./readiness.js";

const up = () => Promise.resolve();
const down = () =>
  Promise.reject(Object.assign(new Error("the FHIR server does not answer"), { code: "fhir-unavailable" }));

test("a process that lacks what it needs is not ready, and says what and why", async () => {
  expect(await readiness({ database: up, orthanc: down })).toEqual({
    status: "not-ready",
    dependencies: {
      database: { status: "up" },
      orthanc: { status: "down", reason: "the FHIR server does not answer" },
    },
  });
});

test("a FHIR server that is away is told of, and the process is ready all the same", async () => {
  const answer = await readiness({ database: up }, { fhir: down });
  expect(answer.status).toBe("ready");
  expect(answer.dependencies["fhir"]?.status).toBe("down");
});

test("a fault of a driver is not repeated: it may hold an address or a name", async () => {
  const answer = await readiness({
    database: () => Promise.reject(new Error("connect ECONNREFUSED db.hospital.example:3306")),
  });
  expect(JSON.stringify(answer)).not.toContain("hospital");
});
