import type { DeliveryFault } from "../../../outbox/delivery-fault.js";

export interface ServerRequest {
  readonly method: "GET" | "POST";
  /** Below the server's address, starting with a slash. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** A longer answer is not read. */
  readonly mostAnswerBytes: number;
}

export interface ServerAnswer {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

/** An inference server over HTTP: who speaks to it patiently. */
export interface InferenceServer {
  /** Where it is, without what is secret. */
  readonly address: string;
  /**
   * Sends a request, again when the fault may be over by then.
   * @throws InferenceServerFault; AnalysisError `model-run-failed` when it refuses what was sent, `model-output-invalid`
   * when its answer is longer than it may be; the signal's reason
   */
  exchange(request: ServerRequest, signal?: AbortSignal): Promise<ServerAnswer>;
  /** Sends a request once, whatever was before. @throws as `exchange` */
  ask(request: ServerRequest, signal?: AbortSignal): Promise<ServerAnswer>;
  /** closed: it is used; open: left alone for now, with the fault's code; half-open: tried once. */
  breaker(): { readonly state: "closed" | "open" | "half-open"; readonly code: string | null };
  close(): Promise<void>;
}

export type InferenceServerFaultCode =
  /** No answer in time, or one of a gateway before the server. */
  | "inference-server-unavailable"
  /** It asks for time. */
  | "inference-server-busy"
  /** It failed. Whether it will again with the same input nobody knows. */
  | "inference-server-fault"
  /** It does not take our token, or its certificate is not trusted. */
  | "inference-server-unauthorized"
  /** It does not serve the model, or there is no inference server at the address. */
  | "inference-server-misaddressed";

/** The server is away or unwell: the analysis waits. Nothing is wrong with the images or the model. */
export class InferenceServerFault extends Error implements Partial<DeliveryFault> {
  override readonly name = "InferenceServerFault";
  /** Undefined of a fault that may lie in the input: it is tried some times only. */
  declare readonly retryable?: boolean;
  readonly concerns: DeliveryFault["concerns"];
  declare readonly retryAfterMilliseconds?: number;

  constructor(
    readonly code: InferenceServerFaultCode,
    message: string,
    {
      cause,
      concerns = "destination",
      ...rest
    }: ErrorOptions & Partial<Pick<DeliveryFault, "concerns" | "retryable" | "retryAfterMilliseconds">> = {},
  ) {
    super(message, cause === undefined ? {} : { cause });
    this.concerns = concerns;
    Object.assign(this, rest);
  }
}
