import { AnalysisError } from "../../analysis-error.js";
import { shapeOf } from "../../output-planes.js";
import { inputShape, inputValues } from "../network-input.js";
import { InferenceServerFault, type ServerAnswer } from "./inference-server.js";
import type { Protocol, RemoteModel, ServerDescription } from "./protocol.js";
import { CHARACTERS_OF_A_NUMBER, flatNumbers, nestedText, parsedAnswer } from "./tensor-text.js";

const HEADER_BYTES = 65_536;
/** Metadata holds every signature of the model. */
const METADATA_BYTES = 1_000_000;
/** What a request without a signature's name is answered by. */
const SIGNATURE = "serving_default";
/** Every row and every pixel of a nested tensor has brackets and a comma of its own; the server writes spaces too. */
const BRACKETS_OF_A_NUMBER = 16;

/**
 * TensorFlow Serving's REST form, with tensors by their names ("columnar"), as its predict API has them:
 * https://www.tensorflow.org/tfx/serving/api_rest. It knows nothing of binary tensors.
 */
export const TENSORFLOW_SERVING: Protocol = {
  async describe(server, remote, signal) {
    const version = available(await server.exchange(this.readiness(remote), signal));
    const metadata = await server.exchange(
      { method: "GET", path: `${pathOf(remote)}/metadata`, mostAnswerBytes: METADATA_BYTES },
      signal,
    );
    return {
      engine: `tensorflow-serving ${remote.model} ${version}`,
      binaryTensors: false,
      ...signatureOf(metadata),
    };
  },

  readiness: (remote) => ({ method: "GET", path: pathOf(remote), mostAnswerBytes: HEADER_BYTES }),

  assertReady(answer) {
    available(answer);
  },

  request(model, remote, batch) {
    const { input, outputs } = model.manifest.network;
    const { rows, columns, planes } = batch;
    const shape = inputShape(model, planes.length, rows, columns);
    const numbers = outputs.reduce(
      (sum, output) =>
        sum + shapeOf(output, planes.length, rows, columns).reduce((product, side) => product * side, 1),
      0,
    );
    return {
      method: "POST",
      path: `${pathOf(remote)}:predict`,
      headers: { "Content-Type": "application/json" },
      body: `{"inputs":{${JSON.stringify(input.name)}:${nestedText(inputValues(batch), shape)}}}`,
      mostAnswerBytes: numbers * (CHARACTERS_OF_A_NUMBER + BRACKETS_OF_A_NUMBER) + HEADER_BYTES,
    };
  },

  outputs(model, { body }) {
    const { outputs } = parsedAnswer(body);
    const wanted = model.manifest.network.outputs;
    return wanted.map(({ name }) => {
      // A model with one output answers with the tensor itself, without its name.
      const tensor = Array.isArray(outputs)
        ? wanted.length === 1
          ? (outputs as unknown)
          : undefined
        : (outputs as Record<string, unknown> | undefined)?.[name];
      if (tensor === undefined)
        throw new AnalysisError("model-output-invalid", `the server's answer has no output ${name}`);
      return flatNumbers(tensor);
    });
  },
};

function pathOf({ model, version }: RemoteModel): string {
  const named = `/v1/models/${encodeURIComponent(model)}`;
  return version === undefined ? named : `${named}/versions/${encodeURIComponent(version)}`;
}

/** The highest version that is served. @throws InferenceServerFault when none is */
function available({ body }: ServerAnswer): string {
  const { model_version_status: states } = parsedAnswer(body);
  const served = (Array.isArray(states) ? states : [])
    .filter((one): one is { version: string } => isAvailable(one))
    .map(({ version }) => version.slice(0, 32))
    .sort((a, b) => Number(b) - Number(a));
  const [highest] = served;
  if (highest === undefined)
    throw new InferenceServerFault("inference-server-unavailable", "the server has not loaded the model", {
      retryable: true,
    });
  return highest;
}

function isAvailable(one: unknown): boolean {
  const { state, version } = (one ?? {}) as { state?: unknown; version?: unknown };
  return state === "AVAILABLE" && typeof version === "string";
}

/** Names of the default signature's tensors. */
function signatureOf({ body }: ServerAnswer): Pick<ServerDescription, "inputs" | "outputs"> {
  const names = (tensors: object | undefined) => (tensors === undefined ? undefined : Object.keys(tensors));
  const { metadata } = parsedAnswer(body) as { metadata?: ModelMetadata };
  const signature = metadata?.signature_def?.signature_def?.[SIGNATURE];
  return { inputs: names(signature?.inputs), outputs: names(signature?.outputs) };
}

interface ModelMetadata {
  readonly signature_def?: {
    readonly signature_def?: Readonly<
      Record<string, { readonly inputs?: object; readonly outputs?: object } | undefined>
    >;
  };
}
