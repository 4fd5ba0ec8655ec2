import { AnalysisError } from "../../analysis-error.js";
import { inputShape, inputValues } from "../network-input.js";
import type { RawOutput } from "../network-runtime.js";
import { shapeOf } from "../../output-planes.js";
import { InferenceServerFault, type ServerAnswer } from "./inference-server.js";
import type { Protocol, RemoteModel } from "./protocol.js";
import { CHARACTERS_OF_A_NUMBER, flatNumbers, parsedAnswer } from "./tensor-text.js";

const BINARY_EXTENSION = "binary_tensor_data";
/** Tells where the JSON of a body ends and the tensors' bytes begin. */
const JSON_LENGTH = "Inference-Header-Content-Length";
/** What an answer holds besides numbers: names, shapes, parameters. */
const HEADER_BYTES = 65_536;

interface OutputTensor {
  readonly name?: unknown;
  readonly datatype?: unknown;
  readonly shape?: unknown;
  readonly data?: unknown;
  readonly parameters?: { readonly binary_data_size?: unknown };
}

/**
 * The Open Inference Protocol, version 2, over HTTP: KServe, Triton, MLServer and others. Tensors go as JSON, or as
 * bytes where the server offers the binary tensor data extension.
 * https://github.com/kserve/open-inference-protocol, and extension_binary_data.md of Triton
 */
export const OPEN_INFERENCE: Protocol = {
  async describe(server, remote, signal) {
    const get = (path: string) =>
      server.exchange({ method: "GET", path, mostAnswerBytes: HEADER_BYTES }, signal);
    const { name, version, extensions } = described(await get("/v2"));
    const { inputs, outputs } = parsedDescription((await get(pathOf(remote))).body);
    return {
      engine: `open-inference ${name} ${version}`.trim(),
      binaryTensors: extensions.includes(BINARY_EXTENSION),
      inputs: namesOf(inputs),
      outputs: namesOf(outputs),
    };
  },

  readiness: (remote) => ({
    method: "GET",
    path: `${pathOf(remote)}/ready`,
    mostAnswerBytes: HEADER_BYTES,
  }),

  // The status says it; MLServer's body is empty.
  assertReady: () => undefined,

  request(model, remote, batch, binary) {
    const { input, outputs } = model.manifest.network;
    const { rows, columns, planes } = batch;
    const values = inputValues(batch);
    const tensor = {
      name: input.name,
      shape: inputShape(model, planes.length, rows, columns),
      datatype: "FP32",
    };
    const numbers = outputs.reduce(
      (sum, output) =>
        sum + shapeOf(output, planes.length, rows, columns).reduce((product, side) => product * side, 1),
      0,
    );
    const common = { method: "POST", path: `${pathOf(remote)}/infer` } as const;
    if (!binary) {
      const body = {
        inputs: [{ ...tensor, data: [...values] }],
        outputs: outputs.map(({ name }) => ({ name })),
      };
      return {
        ...common,
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
        mostAnswerBytes: numbers * CHARACTERS_OF_A_NUMBER + HEADER_BYTES,
      };
    }
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const header = Buffer.from(
      JSON.stringify({
        inputs: [{ ...tensor, parameters: { binary_data_size: bytes.byteLength } }],
        outputs: outputs.map(({ name }) => ({ name, parameters: { binary_data: true } })),
      }),
    );
    return {
      ...common,
      headers: {
        "Content-Type": "application/octet-stream",
        [JSON_LENGTH]: String(header.byteLength),
      },
      body: Buffer.concat([header, bytes]),
      // A server that was asked for bytes may answer in JSON nevertheless.
      mostAnswerBytes: numbers * CHARACTERS_OF_A_NUMBER + HEADER_BYTES,
    };
  },

  outputs(model, answer) {
    const tensors = tensorsOf(answer);
    return model.manifest.network.outputs.map(({ name }) => {
      const found = tensors.get(name);
      if (found === undefined)
        throw new AnalysisError("model-output-invalid", `the server's answer has no output ${name}`);
      return found;
    });
  },
};

function pathOf({ model, version }: RemoteModel): string {
  const named = `/v2/models/${encodeURIComponent(model)}`;
  return version === undefined ? named : `${named}/versions/${encodeURIComponent(version)}`;
}

function described({ body }: ServerAnswer): { name: string; version: string; extensions: unknown[] } {
  const { name, version, extensions } = parsedDescription(body);
  if (typeof name !== "string")
    throw new InferenceServerFault(
      "inference-server-misaddressed",
      "what answers at the address is no inference server",
      { retryable: true, concerns: "settings" },
    );
  return {
    name: name.slice(0, 64),
    version: typeof version === "string" ? version.slice(0, 32) : "",
    extensions: Array.isArray(extensions) ? extensions : [],
  };
}

/** MLServer tells of a model's tensors only when its settings name them. */
function namesOf(tensors: unknown): string[] | undefined {
  if (!Array.isArray(tensors) || tensors.length === 0) return undefined;
  return tensors.map((tensor) => String((tensor as { name?: unknown } | null)?.name));
}

function parsedDescription(body: Uint8Array): Record<string, unknown> {
  try {
    return parsedAnswer(body);
  } catch {
    return {};
  }
}

/** The tensors of an answer: those with bytes have them behind the JSON, one after the other. */
function tensorsOf({ headers, body }: ServerAnswer): Map<string, RawOutput> {
  const told = headers[JSON_LENGTH.toLowerCase()];
  const jsonBytes = told === undefined ? body.byteLength : Number(told);
  const { outputs } = parsedAnswer(body.subarray(0, jsonBytes));
  if (!Array.isArray(outputs)) throw invalid("the server's answer has no outputs");
  let at = jsonBytes;
  const tensors = new Map<string, RawOutput>();
  for (const { name, datatype, shape, data, parameters } of outputs as readonly OutputTensor[]) {
    const bytes = parameters?.binary_data_size;
    const end = typeof bytes === "number" ? at + bytes : at;
    if (typeof name === "string" && Array.isArray(shape)) {
      if (datatype !== "FP32") throw invalid(`the server's output ${name} is ${String(datatype)}`);
      const values =
        typeof bytes === "number" ? float32(body.subarray(at, end), bytes) : flatNumbers(data).values;
      tensors.set(name, { shape: shape as number[], values });
    }
    at = end;
  }
  return tensors;
}

/** Little endian, as the extension says; copied, since they need not start at a multiple of four. */
function float32(bytes: Uint8Array, expected: number): Float32Array {
  if (bytes.byteLength !== expected || expected % 4 !== 0)
    throw invalid("the server's answer has fewer bytes than it says");
  return new Float32Array(new Uint8Array(bytes).buffer);
}

function invalid(reason: string): AnalysisError {
  return new AnalysisError("model-output-invalid", reason);
}
