import type { DiagnosticReport, ImagingStudy, Patient } from "fhir/r4.js";
import type { RunningStack } from "../../stack/running-stack.js";

const STUDIES_AT_ONCE = 4;

/** A study as a modality sent it: of one series. */
export interface SentStudy {
  readonly studyInstanceUid: string;
  readonly patientId: string;
  readonly sopInstanceUids: readonly string[];
  /** Whether the demo model looks at it; else nothing of it can be rendered. */
  readonly analysed: boolean;
}

interface Details {
  readonly instanceCount: number;
  readonly rendition: Readonly<
    Record<"pending" | "rendered" | "notRenderable" | "failed" | "dropped", number>
  >;
  readonly analysis: string;
  readonly fhir: { readonly state: string };
  readonly series: readonly {
    readonly modality: string;
    readonly instanceCount: number;
    readonly state: string;
    readonly notRenderable: readonly { readonly reason: string }[];
  }[];
  readonly results: readonly {
    readonly state: string;
    readonly review?: unknown;
    /** Not there where the model marked nothing. */
    readonly segmentation?: unknown;
  }[];
}

/**
 * What has to be true when the storm is over and all is done.
 * @returns what is not, each in a line; empty when all is well
 */
export async function broken(
  stack: RunningStack,
  sent: readonly SentStudy[],
  accepted: ReadonlySet<string>,
): Promise<string[]> {
  const wrong: string[] = [];
  const told = await toldToFhir(stack);
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let study = sent[next++]; study !== undefined; study = sent[next++])
      for (const what of await wrongWith(study, stack, told, accepted.has(study.studyInstanceUid)))
        wrong.push(`${study.studyInstanceUid}: ${what}`);
  };
  await Promise.all(Array.from({ length: STUDIES_AT_ONCE }, lane));
  return [...wrong, ...(await leftOver(stack))];
}

async function wrongWith(
  study: SentStudy,
  stack: RunningStack,
  { studies, reportsOf, patients }: ToldToFhir,
  isAccepted: boolean,
): Promise<string[]> {
  const details = await stack.json<Details>(`/api/studies/${study.studyInstanceUid}`).catch(() => undefined);
  if (details === undefined) return ["is not known"];
  const mine = studies.get(`urn:oid:${study.studyInstanceUid}`) ?? [];
  const comparisons: readonly Comparison[] = [
    ...(await archived(stack, study)),
    ...rendered(study, details),
    ...analysed(study, details, isAccepted),
    [
      mine.reduce((sum, { id }) => sum + (reportsOf.get(`ImagingStudy/${id ?? ""}`) ?? 0), 0),
      study.analysed ? 1 : 0,
      "DiagnosticReports",
    ],
    [
      mine.map(({ numberOfInstances }) => numberOfInstances).join(),
      String(details.instanceCount),
      "instances of the ImagingStudy",
    ],
    [patients.get(study.patientId) ?? 0, 1, "Patients"],
    [details.fhir.state, "synchronised", "FHIR"],
  ];
  return comparisons
    .filter(([is, expected]) => is !== expected)
    .map(([is, expected, what]) => `${what}: ${String(is)} instead of ${String(expected)}`);
}

interface ToldToFhir {
  /** By identifier. */
  readonly studies: ReadonlyMap<string, readonly ImagingStudy[]>;
  /** How many, by the study's reference. */
  readonly reportsOf: ReadonlyMap<string, number>;
  /** How many, by identifier. */
  readonly patients: ReadonlyMap<string, number>;
}

/** All of it, looked up once: after an hour there are thousands. */
async function toldToFhir(stack: RunningStack): Promise<ToldToFhir> {
  const studies = new Map<string, ImagingStudy[]>();
  const reportsOf = new Map<string, number>();
  const patients = new Map<string, number>();
  const count = (counts: Map<string, number>, key: string | undefined) => {
    if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
  };
  for (const study of await stack.fhir<ImagingStudy>("ImagingStudy?_count=100000"))
    for (const { value = "" } of study.identifier ?? [])
      studies.set(value, [...(studies.get(value) ?? []), study]);
  for (const { imagingStudy } of await stack.fhir<DiagnosticReport>("DiagnosticReport?_count=100000"))
    count(reportsOf, imagingStudy?.[0]?.reference);
  for (const { identifier } of await stack.fhir<Patient>("Patient?_count=100000"))
    for (const value of new Set(identifier?.map((one) => one.value))) count(patients, value);
  return { studies, reportsOf, patients };
}

type Comparison = readonly [is: unknown, expected: unknown, what: string];

async function archived(stack: RunningStack, study: SentStudy): Promise<Comparison[]> {
  const found = await stack.orthancJson<{ MainDicomTags: { SOPInstanceUID: string } }[]>("/tools/find", {
    method: "POST",
    body: JSON.stringify({
      Level: "Instance",
      Expand: true,
      Query: { StudyInstanceUID: study.studyInstanceUid },
    }),
  });
  const uids = found.map(({ MainDicomTags }) => MainDicomTags.SOPInstanceUID);
  return [
    [study.sopInstanceUids.filter((uid) => !uids.includes(uid)).length, 0, "instances lost"],
    [new Set(uids).size, uids.length, "different instances in the archive"],
  ];
}

/** Each is rendered, or refused with a reason. */
function rendered(
  { analysed: good, sopInstanceUids }: SentStudy,
  { rendition, series }: Details,
): Comparison[] {
  const refused = series.flatMap(({ notRenderable }) => notRenderable);
  return [
    [rendition.pending, 0, "renditions to be made"],
    [rendition.failed, 0, "renditions failed"],
    [rendition.rendered, good ? sopInstanceUids.length : 0, "renditions"],
    [refused.length, rendition.notRenderable, "refusals"],
    [refused.filter(({ reason }) => reason === "").length, 0, "refusals without a reason"],
    [series.filter(({ state }) => state !== "stable").length, 0, "series that are not stable"],
  ];
}

/** One result, stored once; an accepted one has its verified report in the place of the model's. */
function analysed({ analysed: good }: SentStudy, details: Details, isAccepted: boolean): Comparison[] {
  const of = (modality: string) =>
    details.series
      .filter((series) => series.modality === modality)
      .reduce((sum, { instanceCount }) => sum + instanceCount, 0);
  return [
    [details.analysis, good ? "succeeded" : "none", "analysis"],
    [details.results.filter(({ state }) => state === "succeeded").length, good ? 1 : 0, "results"],
    [
      of("SEG"),
      details.results.filter(({ segmentation }) => segmentation !== undefined).length,
      "SEG instances",
    ],
    [of("SR"), good ? 1 : 0, "SR instances"],
    [details.results.some(({ review }) => review != null), isAccepted, "a review"],
  ];
}

/** No orphan job, no message, no failure, and an audit trail without a gap. */
async function leftOver(stack: RunningStack): Promise<string[]> {
  const metrics = await (await fetch(`http://127.0.0.1:${stack.local.ports.sidecar[0] ?? 0}/metrics`)).text();
  const jobs = [...metrics.matchAll(/^neuronova_queue_jobs\{.*\} (\d+)$/gm)].map(([, depth]) =>
    Number(depth),
  );
  const { failures } = await stack.json<{ failures: unknown[] }>("/api/failures");
  const { destinations } = await stack.json<{
    destinations: { destination: string; pending: number; failed: number }[];
  }>("/api/outbox");
  const audit = await stack.json<{ valid: boolean }>("/api/audit/verify");
  return [
    ...(jobs.length > 0 ? [] : ["no queue tells how many jobs it has"]),
    ...(jobs.some((depth) => depth > 0) ? [`jobs are left: ${jobs.join()}`] : []),
    ...failures.map((failure) => `failed: ${JSON.stringify(failure)}`),
    ...destinations
      .filter(({ pending, failed }) => pending + failed > 0)
      .map(({ destination, pending, failed }) => `${destination}: ${pending} pending, ${failed} failed`),
    ...(audit.valid ? [] : ["the audit trail is not whole"]),
  ];
}
