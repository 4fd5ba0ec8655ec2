import { setTimeout } from "node:timers/promises";
import { Agent, errors, request as send, type Dispatcher } from "undici";
import { AnalysisError } from "../../inference/analysis-error.js";
import {
  InferenceServerFault,
  type InferenceServer,
  type ServerAnswer,
  type ServerRequest,
} from "../../inference/engines/remote/inference-server.js";
import { Breaker } from "../../outbox/breaker.js";
import { faultOf } from "../../outbox/delivery-fault.js";
import { withinTime } from "../../pipeline/deadline.js";
import { backoffMilliseconds } from "../../pipeline/faults.js";
import { answerFaultOf } from "./answer-fault.js";

export interface HttpInferenceServerOptions {
  readonly url: string;
  readonly token?: string | undefined;
  /** PEM. */
  readonly ca?: string | undefined;
  /** From sending a request to the end of its answer. */
  readonly timeoutMilliseconds: number;
  /** How long a server that failed five times in a row is left alone. */
  readonly resetMilliseconds: number;
  readonly connections: number;
}

const ATTEMPTS = 3;
/** A server that asks for more is left to the job's own next attempt. */
const LONGEST_WAIT_MILLISECONDS = 5_000;
const CHECK_MILLISECONDS = 2_000;
/** Of a refusal that is told. */
const REFUSAL_BYTES = 65_536;

/** An inference server over HTTP: timeouts, a few attempts, a circuit breaker, and no answer larger than expected. */
export class HttpInferenceServer implements InferenceServer {
  readonly address: string;
  private readonly base: string;
  private readonly agent: Agent;
  private readonly circuit: Breaker;

  constructor(private readonly options: HttpInferenceServerOptions) {
    const { url, ca, connections, timeoutMilliseconds, resetMilliseconds } = options;
    const { origin, pathname } = new URL(url);
    this.base = origin + pathname.replace(/\/+$/, "");
    this.address = this.base;
    this.agent = new Agent({
      connections,
      headersTimeout: timeoutMilliseconds,
      bodyTimeout: timeoutMilliseconds,
      connect: { timeout: timeoutMilliseconds, ...(ca === undefined ? {} : { ca }) },
    });
    this.circuit = new Breaker("the inference server", resetMilliseconds);
  }

  async exchange(request: ServerRequest, signal?: AbortSignal): Promise<ServerAnswer> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.circuit.run(() => this.once(request, this.options.timeoutMilliseconds, signal));
      } catch (error) {
        const wait = waitAfter(error, attempt);
        if (wait === undefined) throw error;
        await setTimeout(wait, undefined, { ...(signal === undefined ? {} : { signal }) });
      }
    }
  }

  ask(request: ServerRequest, signal?: AbortSignal): Promise<ServerAnswer> {
    return this.once(request, CHECK_MILLISECONDS, signal);
  }

  breaker(): { state: "closed" | "open" | "half-open"; code: string | null } {
    return this.circuit.report();
  }

  async close(): Promise<void> {
    this.circuit.stop();
    await this.agent.destroy();
  }

  private async once(
    { method, path, headers, body, mostAnswerBytes }: ServerRequest,
    timeoutMilliseconds: number,
    signal: AbortSignal | undefined,
  ): Promise<ServerAnswer> {
    const { token } = this.options;
    // A redirect is not followed: images go to the address of the settings and to no other.
    const options = {
      dispatcher: this.agent,
      method,
      headers: {
        Accept: "application/json, application/octet-stream",
        ...headers,
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body }),
    };
    try {
      return await withinTime(timeoutMilliseconds, signal, async (inTime) => {
        const response = await send(this.base + path, { ...options, signal: inTime });
        const good = response.statusCode >= 200 && response.statusCode < 300;
        const taken = await take(response.body, good ? mostAnswerBytes : REFUSAL_BYTES);
        const answer = { headers: plain(response.headers), body: taken.bytes };
        if (!good) throw answerFaultOf(response.statusCode, answer, token);
        if (!taken.whole)
          throw new AnalysisError(
            "model-output-invalid",
            "the server's answer is larger than the outputs are",
          );
        return answer;
      });
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof AnalysisError || error instanceof InferenceServerFault) throw error;
      throw connectionFaultOf(error);
    }
  }
}

/** How long to wait before the next attempt; undefined when there is none. */
function waitAfter(error: unknown, attempt: number): number | undefined {
  if (!(error instanceof InferenceServerFault) || attempt >= ATTEMPTS) return undefined;
  const { concerns, retryAfterMilliseconds } = faultOf(error);
  if (concerns === "settings") return undefined;
  // Counted from when it was said, which is a little ago.
  const wait =
    retryAfterMilliseconds === undefined ? backoffMilliseconds(attempt) : retryAfterMilliseconds + 20;
  return wait <= LONGEST_WAIT_MILLISECONDS ? wait : undefined;
}

async function take(
  body: Dispatcher.ResponseData["body"],
  mostBytes: number,
): Promise<{ bytes: Uint8Array; whole: boolean }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    if (bytes + chunk.byteLength > mostBytes) return { bytes: Buffer.concat(chunks), whole: false };
    chunks.push(chunk);
    bytes += chunk.byteLength;
  }
  return { bytes: Buffer.concat(chunks), whole: true };
}

function plain(headers: Dispatcher.ResponseData["headers"]): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
}

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS/;

function connectionFaultOf(cause: unknown): InferenceServerFault {
  const code = (cause as { code?: unknown } | null)?.code;
  if (typeof code === "string" && CERTIFICATE.test(code))
    return new InferenceServerFault(
      "inference-server-unauthorized",
      `the inference server's certificate is not trusted (${code})`,
      { cause, retryable: true, concerns: "settings" },
    );
  const late = cause instanceof DOMException || cause instanceof errors.HeadersTimeoutError;
  return new InferenceServerFault(
    "inference-server-unavailable",
    late ? "the inference server does not answer in time" : "the inference server does not answer",
    { cause, retryable: true },
  );
}
