import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FhirHttp } from "./fhir-http.js";

let answer = "";
let status = 200;
const server = createServer((_request, response) => {
  response.writeHead(status, { "Content-Type": "application/fhir+json" }).end(answer);
});
let fhir: FhirHttp;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  fhir = new FhirHttp(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 5_000);
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const bundle = (entry: unknown) => JSON.stringify({ resourceType: "Bundle", entry });

describe("an answer of another shape is one that cannot be read", () => {
  const fault = { code: "fhir-fault", retryable: true };

  test.each([
    "null",
    '"ok"',
    "[]",
    "{}",
    '{"entry":[null]}',
    '{"entry":{}}',
    bundle({}),
    bundle([null]),
    bundle([{ response: "201" }]),
    bundle([{ resource: "Patient" }]),
    '{"resourceType":"OperationOutcome"}',
    "<html></html>",
  ])("%s to what asks for a Bundle", async (text) => {
    [status, answer] = [200, text];
    await expect(fhir.transaction({ resourceType: "Bundle", type: "transaction" })).rejects.toMatchObject(
      fault,
    );
    await expect(fhir.search("Patient", {})).rejects.toMatchObject(fault);
  });

  test.each(["null", '"ok"', "[]", "{}", '{"resourceType":7}', '{"resourceType":"Patient","identifier":{}}'])(
    "%s to what asks for a resource",
    async (text) => {
      [status, answer] = [200, text];
      await expect(fhir.read("Patient", "1")).rejects.toMatchObject(fault);
    },
  );
});

test("what is there is read, and what is not is nothing", async () => {
  [status, answer] = [200, bundle([{ resource: { resourceType: "Patient", id: "1" } }, {}])];
  expect(await fhir.search("Patient", {})).toEqual([{ resourceType: "Patient", id: "1" }]);
  [status, answer] = [200, '{"resourceType":"Bundle"}'];
  expect(await fhir.search("Patient", {})).toEqual([]);
  [status, answer] = [200, '{"resourceType":"Patient","id":"1"}'];
  expect(await fhir.read("Patient", "1")).toEqual({ resourceType: "Patient", id: "1" });
  [status, answer] = [410, "gone"];
  expect(await fhir.read("Patient", "1")).toBeNull();
});
