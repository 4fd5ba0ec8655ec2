import { ApiError } from "../error-response.js";
import { parseArgs } from "node:util";
import { applyRetention } from "./apply-retention.js";
import { backfill, planBackfill, type BackfillDependencies, type BackfillRequest } from "./backfill.js";
import type { Screen } from "./progress.js";
import type { Droppable, RenditionFilter } from "./rendition-store.js";
import type { RetentionDependencies } from "./apply-retention.js";
import type { RetentionPolicy } from "./retention-policy.js";
import { statusText } from "./status.js";
import { verifyMany, type VerifyManyDependencies } from "./verify-many.js";
import { isReadableUid } from "../dicom/uid.js";

export interface RenditionCommandDependencies extends BackfillDependencies, RetentionDependencies {
  readonly archive: BackfillDependencies["archive"] & RetentionDependencies["archive"];
  readonly policy: RetentionPolicy;
  readonly screen: Screen;
  /** Threads are started only for what decodes. */
  readonly verification: () => VerifyManyDependencies;
}

/**
 * `neuronova htj2k …`
 * @returns the exit status: 1 when something was bad, or failed
 * @throws ApiError for arguments that cannot be done
 */
export async function renditionCommand(
  [command = "", ...args]: readonly string[],
  dependencies: RenditionCommandDependencies,
): Promise<number> {
  if (command === "backfill") return runBackfill(args, dependencies);
  if (command === "retention") return runRetention(args, dependencies);
  if (command === "verify") return runVerify(args, dependencies);
  if (command === "status") {
    const { values } = parseArgs({ args, options: { json: { type: "boolean", default: false } } });
    const figures = await dependencies.renditions.figures();
    await dependencies.screen.print(
      values.json ? `${JSON.stringify(figures, null, 2)}\n` : statusText(figures),
    );
    return 0;
  }
  throw malformed("htj2k takes one of: backfill, retention, verify, status");
}

const FILTER = {
  study: { type: "string" },
  since: { type: "string" },
  modality: { type: "string" },
} as const;

async function runBackfill(args: string[], dependencies: RenditionCommandDependencies): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      ...FILTER,
      "dry-run": { type: "boolean", default: false },
      "retry-failed": { type: "boolean", default: false },
      "retry-not-renderable": { type: "boolean", default: false },
      "per-second": { type: "string" },
    },
  });
  const request: BackfillRequest = {
    filter: filterOf(values),
    from: [
      "dropped",
      ...(values["retry-failed"] ? (["failed"] as const) : []),
      ...(values["retry-not-renderable"] ? (["not-renderable"] as const) : []),
    ],
    perSecond: values["per-second"] === undefined ? undefined : rateOf(values["per-second"]),
  };
  const { progress, screen } = dependencies;
  if (values["dry-run"]) {
    const { total, unknown, figures } = await planBackfill(request, dependencies);
    await screen.print(
      `${total} to render: ${unknown} not known here yet, ${figures.pending} waiting, ${figures.outdated} of an earlier format, ` +
        `${figures.dropped} dropped by retention${values["retry-failed"] ? `, ${figures.failed} failed` : ""}` +
        `${values["retry-not-renderable"] ? `, ${figures.notRenderable} not renderable before` : ""}\n` +
        `${figures.rendered} are rendered\n`,
    );
    return 0;
  }
  const { plan, end } = await backfill(request, dependencies);
  await progress.say(
    `${plan.total} done: ${end.rendered} are rendered, ${end.notRenderable} not renderable, ${end.failed} failed`,
  );
  return end.failed > 0 ? 1 : 0;
}

async function runRetention(args: string[], dependencies: RenditionCommandDependencies): Promise<number> {
  const { values } = parseArgs({ args, options: { "dry-run": { type: "boolean", default: false } } });
  const { renditions, policy, screen } = dependencies;
  if (values["dry-run"]) {
    const { byAge, bySize } = await renditions.droppable(policy);
    await screen.print(`by age: ${droppableText(byAge)}\nby size: ${droppableText(bySize)}\n`);
  } else await screen.print(`dropped: ${droppableText(await applyRetention(policy, dependencies))}\n`);
  return 0;
}

function droppableText({ count, bytes, oldest }: Droppable): string {
  return `${count} renditions, ${bytes} bytes${oldest === null ? "" : `, the oldest of ${oldest.toISOString()}`}`;
}

async function runVerify(args: string[], dependencies: RenditionCommandDependencies): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      study: { type: "string" },
      sample: { type: "string" },
      all: { type: "boolean", default: false },
    },
  });
  const { study, sample, all } = values;
  if ([study !== undefined, sample !== undefined, all].filter(Boolean).length !== 1)
    throw malformed("htj2k verify takes one of: --study UID, --sample N, --all");
  if (sample !== undefined && !/^[1-9]\d{0,8}$/.test(sample))
    throw malformed("--sample takes a number from 1");
  const { checked, bad } = await verifyMany(
    { filter: filterOf({ study }), sample: sample === undefined ? undefined : Number(sample) },
    dependencies.verification(),
    dependencies.progress,
    ({ studyInstanceUid, sopInstanceUid }, reason) =>
      dependencies.progress.say(`bad: study ${studyInstanceUid}, instance ${sopInstanceUid}: ${reason}`),
  );
  await dependencies.progress.say(
    `${checked} renditions re-read, ${bad} bad${bad > 0 ? "; they are rendered again" : ""}`,
  );
  return bad > 0 ? 1 : 0;
}

function filterOf(values: {
  study?: string | undefined;
  since?: string | undefined;
  modality?: string | undefined;
}) {
  const { study, since, modality } = values;
  if (study !== undefined && !isReadableUid(study)) throw malformed("--study takes a Study Instance UID");
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(since ?? "") ?? [];
  if (since !== undefined && (day === undefined || !(new Date(since).getTime() > 0)))
    throw malformed("--since takes a day as YYYY-MM-DD: the Study Date");
  if (modality !== undefined && !/^[A-Z0-9_]{1,16}$/.test(modality))
    throw malformed("--modality takes one as in (0008,0060)");
  return {
    studyInstanceUid: study,
    studiesSince: since === undefined ? undefined : `${year ?? ""}${month ?? ""}${day ?? ""}`,
    modality,
  } satisfies RenditionFilter;
}

function rateOf(text: string): number {
  const rate = Number(text);
  if (!(rate > 0 && rate <= 100_000)) throw malformed("--per-second takes a number of instances above 0");
  return rate;
}

function malformed(message: string): ApiError {
  return new ApiError(400, "request-malformed", message);
}
