import type { Config } from "../config.js";
import { tlsFault } from "../transport-security/tls-fault.js";
import type { Finding } from "./findings.js";
import { outboxFindings, type OutboxLooks } from "./outbox-findings.js";

/** How an installation is looked at. Each may throw: then it does not answer. */
export interface Installation extends OutboxLooks {
  /** Version, and its time (milliseconds since 1970). `certified`: until when its certificate is valid, by TLS. */
  readonly database: () => Promise<{
    readonly version: string;
    readonly now: number;
    readonly certified: Date | null;
  }>;
  readonly migrations: () => Promise<{
    readonly missing: readonly string[];
    readonly unknown: readonly string[];
  }>;
  readonly redis: () => Promise<{
    readonly version: string;
    readonly now: number;
    readonly evicts: boolean;
    readonly certified: Date | null;
  }>;
  readonly orthanc: () => Promise<{ readonly version: string; readonly plugins: readonly string[] }>;
  readonly fhir: () => Promise<unknown>;
  /** Undefined when none is configured; false when nobody has agreed yet. */
  readonly openEmr: (() => Promise<boolean>) | undefined;
  /** Of the file system that a directory is on, in bytes. */
  readonly disk: (directory: string) => Promise<{ readonly free: number; readonly size: number }>;
}

const PATIENCE_MILLISECONDS = 5_000;
/** Tokens and signatures bear minutes; what is compared across machines bears less. */
const SKEW_MILLISECONDS = 2_000;
const DAY_MILLISECONDS = 86_400_000;
const LEAST_CERTIFIED_DAYS = 30;
const LEAST_FREE = { bytes: 1e9, part: 0.1 };
const DIRECTORIES = [
  "NEURONOVA_MODELS_DIRECTORY",
  "NEURONOVA_FRAME_CACHE_DIRECTORY",
  "NEURONOVA_UPLOAD_DIRECTORY",
  "NEURONOVA_WORKLISTS_DIRECTORY",
] as const satisfies readonly (keyof Config)[];
const TLS_TODO =
  "Compare NEURONOVA_DATABASE_CA or NEURONOVA_REDIS_CA, the host name in the URL and the server's certificate (docs/security.md).";
const SECRETS = {
  NEURONOVA_WEBHOOK_KEY: "without it there are neither webhooks nor inbound hooks",
  NEURONOVA_PUBLIC_URL: "without it there are no OAuth clients, no SMART launches and no links in FHIR",
} as const satisfies Partial<Record<keyof Config, string>>;

/** By the codes of what answers and takes no writes. */
const NO_WRITES_TODO: Readonly<Record<string, string>> = {
  "redis-takes-no-writes":
    "Give Redis more memory or disk, or have NEURONOVA_REDIS_URL name what takes writes.",
  "database-takes-no-writes": "Have NEURONOVA_DATABASE_URL name the primary, or set its read_only to OFF.",
};

/** Looks at everything this program depends on, all at once, and changes nothing. */
export async function diagnose(config: Config, installation: Installation): Promise<Finding[]> {
  const looks: readonly Promise<readonly Finding[]>[] = [
    look("database", "failed", "Start MySQL or MariaDB; see NEURONOVA_DATABASE_URL and its password.", () =>
      database(installation),
    ),
    look("migrations", "failed", "See the finding about the database.", () => migrations(installation)),
    look("redis", "failed", "Start Redis; see NEURONOVA_REDIS_URL and its password.", () =>
      redis(installation),
    ),
    look("orthanc", "failed", "Start Orthanc; see NEURONOVA_ORTHANC_URL, the user name and password.", () =>
      orthanc(installation),
    ),
    look("fhir", "warning", "See NEURONOVA_FHIR_URL; what is meant for it waits in the outbox.", async () => {
      await installation.fhir();
      return [{ check: "fhir", state: "ok", finding: "answers" }];
    }),
    look("openemr", "warning", "See NEURONOVA_OPENEMR_URL; what is meant for it waits in the outbox.", () =>
      openEmr(installation),
    ),
    look("outbox", "warning", "See the finding about the database.", () => outboxFindings(installation)),
    ...DIRECTORIES.flatMap((name) => {
      const directory = config[name];
      return directory === undefined
        ? []
        : [
            look("disk", "failed", `Make the directory, or correct ${name}.`, () =>
              disk(name, directory, installation),
            ),
          ];
    }),
  ];
  const found = (await Promise.all(looks)).flat();
  return [...found, ...secrets(config)];
}

/** @param worst what it means when it does not answer */
async function look(
  check: string,
  worst: "warning" | "failed",
  todo: string,
  work: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer within ${PATIENCE_MILLISECONDS} ms`)),
      PATIENCE_MILLISECONDS,
    );
  });
  try {
    return await Promise.race([work(), late]);
  } catch (error) {
    const refused = tlsFault(error);
    if (refused !== undefined)
      return [{ check, state: worst, finding: `is not used: ${refused}`, todo: TLS_TODO }];
    // A driver's message may hold an address or a name; its code does not.
    const { code, parent } = error as { code?: unknown; parent?: { code?: unknown } };
    const noWrites = typeof code === "string" ? NO_WRITES_TODO[code] : undefined;
    if (noWrites !== undefined)
      return [{ check, state: worst, finding: (error as Error).message, todo: noWrites }];
    const why = typeof code === "string" ? code : typeof parent?.code === "string" ? parent.code : "";
    const own =
      error instanceof Error && error.message.startsWith("no answer") ? error.message : "does not answer";
    return [{ check, state: worst, finding: why === "" ? own : `${own} (${why})`, todo }];
  } finally {
    clearTimeout(timer);
  }
}

async function database({ database: ask }: Installation): Promise<Finding[]> {
  const { version, now, certified } = await ask();
  return [
    { check: "database", state: "ok", finding: `answers, ${version}${byTls(certified)}` },
    ...certificate("database", certified),
    clock("database", now),
  ];
}

async function migrations({ migrations: ask }: Installation): Promise<Finding[]> {
  const { missing, unknown } = await ask();
  const check = "migrations";
  if (unknown.length > 0)
    return [
      {
        check,
        state: "failed",
        finding: `the database is newer than this program: ${unknown.join(", ")}`,
        todo: "Start the version that made it, or restore the backup from before (docs/upgrade.md).",
      },
    ];
  if (missing.length > 0)
    return [
      {
        check,
        state: "warning",
        finding: `not run yet: ${missing.join(", ")}`,
        todo: "Every process runs them when it starts; make a backup first (docs/upgrade.md).",
      },
    ];
  return [{ check, state: "ok", finding: "all are run" }];
}

async function redis({ redis: ask }: Installation): Promise<Finding[]> {
  const { version, now, evicts, certified } = await ask();
  const policy: Finding = evicts
    ? {
        check: "redis",
        state: "warning",
        finding: "drops keys when its memory is full: jobs are queued again later than they could be",
        todo: "Set maxmemory-policy to noeviction.",
      }
    : { check: "redis", state: "ok", finding: `answers, ${version}${byTls(certified)}` };
  return [policy, ...certificate("redis", certified), clock("redis", now)];
}

const byTls = (certified: Date | null) => (certified === null ? "" : ", by TLS");

/** Nothing while it is valid for long: on the day that it ends everything stops. */
function certificate(check: string, certified: Date | null): Finding[] {
  const days =
    certified === null ? Infinity : Math.floor((certified.getTime() - Date.now()) / DAY_MILLISECONDS);
  if (days >= LEAST_CERTIFIED_DAYS) return [];
  return [
    {
      check,
      state: "warning",
      finding: `its certificate is valid for ${days} days`,
      todo: "Renew it (docker/README.md, Certificates): when it has ended, nothing is taken from this server.",
    },
  ];
}

async function orthanc({ orthanc: ask }: Installation): Promise<Finding[]> {
  const { version, plugins } = await ask();
  const found: Finding[] = [{ check: "orthanc", state: "ok", finding: `answers, ${version}` }];
  if (!plugins.includes("dicom-web"))
    found.push({
      check: "orthanc",
      state: "failed",
      finding: "has no DICOMweb plugin: nothing can be shown or stored over the web",
      todo: "Load libOrthancDicomWeb.so; orthanc-config/ has the settings.",
    });
  if (!plugins.some((name) => name.includes("worklist")))
    found.push({
      check: "orthanc",
      state: "warning",
      finding: "has no worklist plugin: modalities are answered no worklist",
      todo: "Load it when modalities are to ask for worklists (docs/emr.md).",
    });
  return found;
}

async function openEmr({ openEmr: ask }: Installation): Promise<Finding[]> {
  if (ask === undefined) return [{ check: "openemr", state: "ok", finding: "none is configured" }];
  return (await ask())
    ? [{ check: "openemr", state: "ok", finding: "connected, answers" }]
    : [
        {
          check: "openemr",
          state: "failed",
          finding: "nobody has agreed in OpenEMR yet",
          todo: "Run neuronova openemr connect (docs/openemr.md).",
        },
      ];
}

async function disk(name: string, directory: string, { disk: ask }: Installation): Promise<Finding[]> {
  const { free, size } = await ask(directory);
  const gigabytes = (free / 1e9).toFixed(1);
  const isShort = free < LEAST_FREE.bytes || free < LEAST_FREE.part * size;
  return [
    {
      check: "disk",
      state: isShort ? "warning" : "ok",
      finding: `${name}: ${gigabytes} GB free of ${(size / 1e9).toFixed(1)}`,
      ...(isShort ? { todo: "Make room, or move it to a larger disk." } : {}),
    },
  ];
}

function secrets(config: Config): Finding[] {
  return (Object.keys(SECRETS) as (keyof typeof SECRETS)[])
    .filter((name) => config[name] === undefined)
    .map((name) => ({
      check: "configuration",
      state: "warning",
      finding: `${name} is not set: ${SECRETS[name]}`,
      todo: "Set it for the roles that need it; docs/settings.md says which.",
    }));
}

function clock(of: string, theirs: number): Finding {
  const seconds = (theirs - Date.now()) / 1_000;
  const isOff = Math.abs(seconds) * 1_000 > SKEW_MILLISECONDS;
  return {
    check: "clock",
    state: isOff ? "warning" : "ok",
    finding: `the clock of ${of} is ${Math.abs(seconds).toFixed(1)} s ${seconds < 0 ? "behind" : "ahead"}`,
    ...(isOff
      ? { todo: "Keep the time of every machine by NTP: tokens, leases and signatures compare times." }
      : {}),
  };
}
