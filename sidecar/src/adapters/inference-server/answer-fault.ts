import { AnalysisError } from "../../inference/analysis-error.js";
import { InferenceServerFault, type ServerAnswer } from "../../inference/engines/remote/inference-server.js";
import { retryAfterOf } from "../../pipeline/retry-after.js";

/** Of what a server says, in the reason of a failed analysis. */
const LONGEST_REASON = 300;
const UNAVAILABLE = new Set([408, 502, 503, 504]);

/** What an answer other than 2xx means for the analysis. */
export function answerFaultOf(
  status: number,
  { headers, body }: ServerAnswer,
  token: string | undefined,
  now = Date.now(),
): InferenceServerFault | AnalysisError {
  const said = `the inference server answered HTTP ${status}`;
  const reason = reasonOf(body, token);
  const why = reason === "" ? said : `${said}: ${reason}`;
  const retryAfterMilliseconds = retryAfterOf(headers["retry-after"], now);
  if (status === 429 || (status === 503 && retryAfterMilliseconds !== undefined))
    return new InferenceServerFault("inference-server-busy", said, {
      retryable: true,
      ...(retryAfterMilliseconds === undefined ? {} : { retryAfterMilliseconds }),
    });
  if (UNAVAILABLE.has(status))
    return new InferenceServerFault("inference-server-unavailable", said, { retryable: true });
  // Its network may fail on this input for good: whoever asks tries some times.
  if (status >= 500) return new InferenceServerFault("inference-server-fault", why, { concerns: "message" });
  if (status === 401 || status === 403)
    return new InferenceServerFault("inference-server-unauthorized", said, {
      retryable: true,
      concerns: "settings",
    });
  // Triton says 400 of a model that it does not have.
  if (
    status < 400 ||
    status === 404 ||
    status === 405 ||
    /unknown model|model .*not (?:found|ready)/i.test(reason)
  )
    return new InferenceServerFault("inference-server-misaddressed", why, {
      retryable: true,
      concerns: "settings",
    });
  return new AnalysisError("model-run-failed", why);
}

/** The error of an answer, in one line of plain characters and without our token. */
function reasonOf(body: Uint8Array, token: string | undefined): string {
  const text = Buffer.from(body).toString("utf8");
  const told = errorOf(text) ?? (text.startsWith("<") ? "" : text);
  const line = told.replace(/[^\x20-\x7e]+/g, " ").trim();
  return (token === undefined ? line : line.replaceAll(token, "…")).slice(0, LONGEST_REASON);
}

function errorOf(text: string): string | undefined {
  try {
    const { error, detail } = JSON.parse(text) as { error?: unknown; detail?: unknown };
    const told = error ?? detail;
    return typeof told === "string" ? told : told === undefined ? undefined : JSON.stringify(told);
  } catch {
    return undefined;
  }
}
