import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { HttpInferenceServer } from "./http-inference-server.js";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const TOKEN = "secret-token-0123456789";
const ASK = { method: "POST", path: "/v2/models/m/infer", body: "{}", mostAnswerBytes: 100 } as const;
const says = (status: number, body = "", headers: Record<string, string> = {}): Answer => {
  return (_request, response) => void response.writeHead(status, headers).end(body);
};
const hangsUp: Answer = (request) => void request.socket.destroy();

let server: Server;
/** What the server does with each request in turn; the last goes for all that follow. */
let script: Answer[] = [];
let requests: IncomingMessage[] = [];
let client: HttpInferenceServer;

function connect(
  change: Partial<ConstructorParameters<typeof HttpInferenceServer>[0]> = {},
): HttpInferenceServer {
  const { port } = server.address() as AddressInfo;
  return new HttpInferenceServer({
    url: `http://127.0.0.1:${port}/`,
    token: TOKEN,
    timeoutMilliseconds: 400,
    resetMilliseconds: 300,
    connections: 2,
    ...change,
  });
}

beforeEach(async () => {
  [script, requests] = [[], []];
  server = createServer((request, response) => {
    requests.push(request);
    const answer = script.length > 1 ? script.shift() : script[0];
    request.resume().on("end", () => answer?.(request, response));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  client = connect();
});

afterEach(async () => {
  await client.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const outcome = () => client.exchange(ASK).catch((error: unknown) => error);

test("the token goes along, the answer comes back", async () => {
  script = [says(200, "answer", { "Inference-Header-Content-Length": "3" })];
  const { body, headers } = await client.exchange(ASK);
  expect(Buffer.from(body).toString()).toBe("answer");
  expect(headers["inference-header-content-length"]).toBe("3");
  expect(requests[0]?.headers.authorization).toBe(`Bearer ${TOKEN}`);
  expect(requests[0]?.url).toBe("/v2/models/m/infer");
});

describe("a fault that passes is not noticed:", () => {
  test.each([
    ["a connection that breaks", hangsUp],
    ["503", says(503)],
    ["502 of a gateway", says(502, "<html>")],
    ["a fault of the server", says(500, '{"error":"out of memory"}')],
    ["429", says(429)],
  ])("%s", async (_, fault) => {
    script = [fault, says(200, "answer")];
    await expect(client.exchange(ASK)).resolves.toMatchObject({ body: Buffer.from("answer") });
    expect(requests).toHaveLength(2);
  });

  test("429 with Retry-After is tried again when it says so, not before", async () => {
    script = [says(429, "", { "Retry-After": "1" }), says(200, "answer")];
    const begun = performance.now();
    await client.exchange(ASK);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(1_000);
    expect(requests).toHaveLength(2);
  });
});

describe("a fault that stays is the job's to wait for:", () => {
  test.each([
    ["a connection that breaks", hangsUp, "inference-server-unavailable", 3],
    ["no answer in time", () => undefined, "inference-server-unavailable", 3],
    ["503", says(503), "inference-server-unavailable", 3],
    ["429 for longer than is waited", says(429, "", { "Retry-After": "60" }), "inference-server-busy", 1],
    ["a token that is not taken", says(401), "inference-server-unauthorized", 1],
    ["no such model", says(404, '{"error":"unknown"}'), "inference-server-misaddressed", 1],
    [
      "Triton's word for that",
      says(400, '{"error":"Request for unknown model: \'m\' is not found"}'),
      "inference-server-misaddressed",
      1,
    ],
    ["a redirect", says(302, "", { Location: "http://127.0.0.1:1/" }), "inference-server-misaddressed", 1],
  ] as [string, Answer, string, number][])("%s", async (_, fault, code, attempts) => {
    script = [fault];
    expect(await outcome()).toMatchObject({ code, retryable: true });
    expect(requests).toHaveLength(attempts);
  });

  test("a fault of the server itself may lie in the input: whether it helps to wait is not claimed", async () => {
    script = [says(500, '{"error":"division by zero"}')];
    const error = await outcome();
    expect(error).toMatchObject({
      code: "inference-server-fault",
      message: expect.stringContaining("division by zero") as string,
    });
    expect((error as { retryable?: boolean }).retryable).toBeUndefined();
    expect(requests).toHaveLength(3);
  });
});

describe("a refusal fails at once, with the reason:", () => {
  test.each([
    ["Triton's", '{"error":"unexpected shape for input \'image\'"}', "unexpected shape for input 'image'"],
    ["FastAPI's", '{"detail":"value is not a list"}', "value is not a list"],
    ["a text", "Invalid argument", "Invalid argument"],
  ])("%s", async (_, body, reason) => {
    script = [says(400, body)];
    expect(await outcome()).toMatchObject({
      code: "model-run-failed",
      retryable: false,
      message: `the inference server answered HTTP 400: ${reason}`,
    });
    expect(requests).toHaveLength(1);
  });

  test("without our token, however the server repeats it, and not at any length", async () => {
    script = [says(400, `{"error":"bad: Bearer ${TOKEN} ${"x".repeat(5_000)}"}`)];
    const { message } = (await outcome()) as Error;
    expect(message).not.toContain(TOKEN);
    expect(message.length).toBeLessThan(400);
  });
});

test("an answer longer than the outputs can be is not read to its end", async () => {
  let sent = 0;
  script = [
    (_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536))) sent += 65_536;
      };
      response.on("drain", more);
      more();
    },
  ];
  expect(await outcome()).toMatchObject({ code: "model-output-invalid", retryable: false });
  expect(sent).toBeLessThan(20_000_000);
});

test("a cancelled request ends at once, also while it waits to be tried again", async () => {
  for (const answer of [() => undefined, says(429, "", { "Retry-After": "4" })] as Answer[]) {
    script = [answer];
    const cancel = new AbortController();
    const asked = client.exchange(ASK, cancel.signal);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const begun = performance.now();
    cancel.abort();
    await expect(asked).rejects.toMatchObject({ name: "AbortError" });
    expect(performance.now() - begun).toBeLessThan(100);
  }
});

test("a server that is away is left alone after five failures, tried once after a while, and used when it is back", async () => {
  await client.close();
  // Longer than any wait between two attempts: none of them is the one that tries it again.
  client = connect({ resetMilliseconds: 3_000 });
  script = [hangsUp];
  await outcome();
  await outcome();
  expect(requests).toHaveLength(5);
  expect(client.breaker()).toMatchObject({ state: "open", code: "inference-server-unavailable" });
  expect(await outcome()).toMatchObject({ code: "destination-away", retryable: true });
  expect(requests).toHaveLength(5);
  script = [says(200, "answer")];
  await expect.poll(() => client.breaker().state, { timeout: 8_000 }).toBe("half-open");
  await expect(client.exchange(ASK)).resolves.toMatchObject({ body: Buffer.from("answer") });
  expect(client.breaker().state).toBe("closed");
});

test("refusals and cancellations do not count against it", async () => {
  script = [says(400, '{"error":"bad"}')];
  for (let time = 0; time < 10; time++) await outcome();
  expect(client.breaker().state).toBe("closed");
});

test("readiness asks once, past the breaker", async () => {
  script = [says(401)];
  await outcome();
  expect(client.breaker().state).toBe("open");
  script = [says(200, "yes")];
  await expect(client.ask({ method: "GET", path: "/", mostAnswerBytes: 10 })).resolves.toMatchObject({
    body: Buffer.from("yes"),
  });
});
