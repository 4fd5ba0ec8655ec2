import { fileURLToPath } from "node:url";
import { z } from "zod";
import { identityProvidersSchema } from "./authorization/identity-provider.js";
import { FHIR_AUTHORIZATION_SETTINGS, fhirAuthorizationProblems } from "./fhir/authorization-settings.js";
import { REMOTE_INFERENCE_SETTINGS } from "./inference/engines/remote/server-settings.js";
import { OPENEMR_SETTINGS, openEmrProblems } from "./openemr/settings.js";
import { networksSchema } from "./networks.js";
import { REVIEW_SETTINGS } from "./review/settings.js";
import { WEBHOOK_SETTINGS } from "./webhooks/settings.js";
import { TRACE_SETTINGS } from "./tracing/settings.js";
import { SUMMARY_IMAGE_SETTINGS } from "./summary-image/settings.js";
import { launchingEmrsSchema } from "./smart-launch/launch-settings.js";
import { retentionDaysSchema } from "./renditions/retention-policy.js";
import { httpBase, json, secret, setting, whole, type Setting } from "./setting.js";
import { readSource, unreadable } from "./setting-source.js";
import { STORE_SETTINGS, storeProblems } from "./transport-security/store-settings.js";

export type { Setting } from "./setting.js";

/** The parts of the program a process can play. Any combination; all by default. */
export const ROLES = ["api", "transcoding", "inference", "delivery"] as const;
export type Role = (typeof ROLES)[number];

const roleList = z
  .string()
  .default(ROLES.join(","))
  .transform((text) => [...new Set(text.split(",").map((role) => role.trim()))])
  .pipe(z.array(z.enum(ROLES)).min(1));

const identityProviders = json("[]").pipe(identityProvidersSchema);

/** Every setting there is: docs/settings.md is this table, printed. */
export const SETTINGS = {
  NEURONOVA_ROLES: setting(roleList, `Roles this process plays: ${ROLES.join(", ")}.`, "api,delivery"),
  NEURONOVA_LISTEN_HOST: setting(
    z.string().min(1).default("127.0.0.1"),
    "Address to listen on.",
    "127.0.0.1",
  ),
  NEURONOVA_LISTEN_PORT: setting(
    whole(0, 65_535).default(8080),
    "Port to listen on; 0 lets the system choose.",
    "8080",
  ),
  NEURONOVA_NOTICE_SECONDS: setting(
    z.coerce.number().min(0).max(600).default(0),
    "Told to end (SIGTERM), a process says at once that it is not ready, and goes on answering for at least this long: what a load balancer that asks `/api/health/ready` needs to notice. nginx here needs none (docs/operations.md).",
    "10",
  ),
  NEURONOVA_PUBLIC_URL: setting(
    httpBase.optional(),
    "Address users reach nginx at.",
    "https://imaging.example.org",
  ),
  ...STORE_SETTINGS,
  NEURONOVA_ORTHANC_URL: setting(httpBase, "Orthanc's REST API.", "http://orthanc:8042"),
  NEURONOVA_ORTHANC_USERNAME: setting(
    z.string().min(1).default("neuronova"),
    "User registered in Orthanc.",
    "neuronova",
  ),
  NEURONOVA_ORTHANC_PASSWORD: secret(z.string().min(1), "That user's password.", "…"),
  NEURONOVA_FHIR_URL: setting(httpBase, "Base of the FHIR R4 server.", "http://fhir:8080/fhir"),
  ...FHIR_AUTHORIZATION_SETTINGS,
  ...OPENEMR_SETTINGS,
  ...REVIEW_SETTINGS,
  ...WEBHOOK_SETTINGS,
  ...SUMMARY_IMAGE_SETTINGS,
  NEURONOVA_FHIR_TIMEOUT_SECONDS: setting(
    z.coerce.number().min(0.1).max(600).default(10),
    "A request that the FHIR server has not answered after this long counts as not answered.",
    "10",
  ),
  NEURONOVA_OUTBOX_LEASE_SECONDS: setting(
    whole(2, 600).default(6),
    "What a delivery worker took is taken over when it has shown no sign of life for this long (docs/outbox.md).",
    "6",
  ),
  NEURONOVA_OUTBOX_RETENTION_DAYS: setting(
    whole(1, 36_500).default(30),
    "Delivered and dropped messages are removed after this long; failed ones never.",
    "30",
  ),
  NEURONOVA_EVENT_RETENTION_DAYS: setting(
    whole(1, 36_500).default(30),
    "Events are removed after this long: a client or webhook that was away for longer is told that it missed some.",
    "30",
  ),
  NEURONOVA_BACKUP_HOURS: setting(
    whole(0, 8_760).default(26),
    "When the last backup that was noted is older than this, the log says so; 0 never (docs/backup.md).",
    "26",
  ),
  NEURONOVA_BREAKER_RESET_SECONDS: setting(
    z.coerce.number().min(0.1).max(3_600).default(60),
    "How long a destination that failed five times in a row is left alone before one message tries it again.",
    "60",
  ),
  NEURONOVA_ARRIVAL_SECRET: secret(
    z.string().min(16, { error: "must have at least 16 characters" }),
    "Shared with Orthanc: its Lua scripts and its authorization plugin show it to the sidecar.",
    "…",
  ),
  NEURONOVA_TOKEN_SIGNING_KEY: secret(
    z.string().min(32, { error: "must have at least 32 characters" }).optional(),
    "Signs access tokens. The api role needs it; give it to no other.",
    "…",
  ),
  // Secret, as somebody may put a private key there: the refusal must not show it.
  NEURONOVA_IDENTITY_PROVIDERS: secret(
    identityProviders,
    "External OpenID providers whose access tokens are taken: a JSON list (docs/identity-providers.md).",
    '[{"issuer":"https://id.example.org","audiences":["neuronova"],"roleClaim":["role"],"roles":{"physician":"doctor"},"labels":["*"]}]',
  ),
  NEURONOVA_SMART_LAUNCH: secret(
    json("[]").pipe(launchingEmrsSchema),
    "EMRs that may open the workspace by SMART App Launch: a JSON list (docs/smart-launch.md).",
    '[{"iss":"https://emr.example.org/fhir","clientId":"neuronova","roles":{"Practitioner":"doctor"},"patientIdSystem":"urn:oid:1.2.3"}]',
  ),
  NEURONOVA_TRUSTED_PROXIES: setting(
    networksSchema("127.0.0.1,::1").refine((networks) => networks.length > 0, { error: "must name one" }),
    "Addresses or networks nginx reaches this process from; from anywhere else X-Forwarded-For counts for nothing.",
    "127.0.0.1,10.1.0.0/16",
  ),
  NEURONOVA_AUDIT_RETENTION_DAYS: setting(
    whole(0, 36_500).default(0),
    "Audit rows older than this are removed; 0 keeps all of them (docs/audit.md).",
    "3650",
  ),
  NEURONOVA_AUDIT_FHIR: setting(
    z.enum(["on", "off"]).default("on"),
    "Whether each audit row becomes an AuditEvent in the FHIR server.",
    "off",
  ),
  NEURONOVA_DEFAULT_ISSUER: setting(
    z.string().trim().max(64).default(""),
    "Issuer of Patient ID of studies that carry none, for the match with the EMR's patients (docs/emr.md); without it such a study is never matched by itself.",
    "HOSPITAL",
  ),
  NEURONOVA_WORKLISTS_DIRECTORY: setting(
    z.string().min(1).optional(),
    "Folder, shared with Orthanc's worklist plugin, where scheduled radiology orders stand as worklist files (docs/emr.md); without it there are none.",
    "/var/lib/neuronova/worklists",
  ),
  NEURONOVA_STABLE_AFTER_SECONDS: setting(
    z.coerce.number().min(0.1).max(86_400).default(5),
    "A series without a new instance for this long is stable.",
    "5",
  ),
  NEURONOVA_SWEEP_SECONDS: setting(
    whole(1, 86_400).default(300),
    "How often everything in Orthanc is compared with what is known here.",
    "300",
  ),
  NEURONOVA_BACKGROUND_AFTER_SECONDS: setting(
    whole(0, 31_536_000).default(3_600),
    "An instance that Orthanc received longer ago when it is found is rendered after everything that arrives now (docs/htj2k.md).",
    "3600",
  ),
  NEURONOVA_RENDITION_RETENTION_DAYS: setting(
    retentionDaysSchema,
    "Days after arrival when HTJ2K renditions are dropped, by modality, `*` for every other; originals stay (docs/htj2k.md).",
    "CT=90,MG=keep,*=365",
  ),
  NEURONOVA_RENDITION_GIGABYTES: setting(
    z.coerce.number().min(0).max(100_000_000).default(0),
    "Most that all HTJ2K renditions may weigh; those that arrived first are dropped first. 0 is no limit.",
    "500",
  ),
  NEURONOVA_VERIFICATIONS_PER_HOUR: setting(
    whole(0, 1_000_000).default(120),
    "Stored HTJ2K renditions re-read and decoded in an hour, those first that were not for longest; 0 is none.",
    "120",
  ),
  NEURONOVA_TRANSCODING_THREADS: setting(
    whole(1, 64).default(2),
    "Worker threads making HTJ2K renditions.",
    "2",
  ),
  NEURONOVA_RECEIVING_FIRST_SECONDS: setting(
    whole(0, 3_600).default(10),
    "While images come in by the hundred, encoding waits, at most for so long in a burst; 0 is not at all.",
    "10",
  ),
  NEURONOVA_INFERENCE_THREADS: setting(
    whole(1, 64).default(1),
    "Worker threads running models, of each engine that has one; also requests at once to an inference server (docs/engines.md).",
    "1",
  ),
  ...REMOTE_INFERENCE_SETTINGS,
  NEURONOVA_MODELS_DIRECTORY: setting(
    z
      .string()
      .min(1)
      .default(fileURLToPath(new URL("../models", import.meta.url))),
    "Folder of model bundles.",
    "/var/lib/neuronova/models",
  ),
  NEURONOVA_FRAME_CACHE_MEGABYTES: setting(
    whole(1, 65_536).default(256),
    "Memory the api role may use to keep HTJ2K frames at hand.",
    "256",
  ),
  NEURONOVA_FRAME_DISK_CACHE_MEGABYTES: setting(
    whole(0, 1_000_000).default(2_000),
    "Disk the api role may use for HTJ2K frames beyond that, in each process; 0 for none.",
    "20000",
  ),
  NEURONOVA_FRAME_CACHE_DIRECTORY: setting(
    z.string().min(1).optional(),
    "Folder, this user's alone, for them; without it one in the system's folder for temporary files.",
    "/var/lib/neuronova/frames",
  ),
  NEURONOVA_REQUESTS_PER_MINUTE: setting(
    whole(1, 100_000_000).default(200_000),
    "Most requests of a user in a minute, in each process; a viewer makes some hundred in a second.",
    "200000",
  ),
  NEURONOVA_UPLOAD_DIRECTORY: setting(
    z.string().min(1).optional(),
    "Folder, this user's alone, where uploads wait until it is known whose they are; without it one in the system's folder for temporary files.",
    "/var/lib/neuronova/uploads",
  ),
  NEURONOVA_UPLOAD_INSTANCE_MEGABYTES: setting(
    whole(1, 1_000_000).default(2_000),
    "Largest instance taken by STOW-RS.",
    "2000",
  ),
  NEURONOVA_UPLOAD_REQUEST_MEGABYTES: setting(
    whole(1, 1_000_000).default(16_000),
    "Largest STOW-RS request.",
    "16000",
  ),
  NEURONOVA_UPLOAD_INSTANCES: setting(
    whole(1, 1_000_000).default(10_000),
    "Most instances in a STOW-RS request.",
    "10000",
  ),
  NEURONOVA_UPLOADS_PER_MINUTE: setting(
    whole(1, 1_000_000).default(12_000),
    "Most STOW-RS requests of a user in a minute, in each process.",
    "12000",
  ),
  NEURONOVA_UPLOAD_MEGABYTES_PER_MINUTE: setting(
    whole(1, 1_000_000).default(20_000),
    "After so much within a minute, a user's next STOW-RS request waits, in each process.",
    "20000",
  ),
  NEURONOVA_UPLOADS_AT_ONCE: setting(
    whole(1, 1_000).default(16),
    "STOW-RS requests a process serves at once; one user has half of them.",
    "16",
  ),
  ...TRACE_SETTINGS,
  NEURONOVA_LOG_LEVEL: setting(
    z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
    "Least severe level that is logged.",
    "info",
  ),
} as const;

type Settings = typeof SETTINGS;
type Values = { readonly [Name in keyof Settings]: z.output<Settings[Name]["schema"]> };

/** The settings of this process, validated. */
export type Config = Values;

/** A setting is missing or wrong. The message names it, what is wrong and an example; never the value of a secret. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly code = "config-invalid";
  constructor(readonly problems: readonly string[]) {
    super(`The configuration is not usable:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
  }
}

/**
 * Reads and validates every setting from the environment, `NAME` or the file named by `NAME_FILE`.
 * @throws ConfigError naming every setting that is wrong
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, { schema, example, secret }] of Object.entries(SETTINGS) as [
    string,
    Setting<z.ZodType>,
  ][]) {
    const source = readSource(environment, name, problems);
    if (source === unreadable) continue;
    const parsed = schema.safeParse(source);
    if (parsed.success) values[name] = parsed.data;
    else {
      const why = parsed.error.issues
        .map(({ path, message }) => [...(path.length > 0 ? [path.join(".")] : []), message].join(": "))
        .join("; ");
      const given =
        source === undefined ? "is missing" : secret ? "(value hidden)" : `is ${JSON.stringify(source)}`;
      problems.push(`${name} ${given}: ${why}. Example: ${name}=${example}`);
    }
  }
  const roles = values["NEURONOVA_ROLES"] as readonly Role[] | undefined;
  if (roles?.includes("api") && values["NEURONOVA_TOKEN_SIGNING_KEY"] === undefined) {
    problems.push(
      "NEURONOVA_TOKEN_SIGNING_KEY is missing: the api role signs tokens. Example: NEURONOVA_TOKEN_SIGNING_KEY_FILE=/run/secrets/token-signing-key",
    );
  }
  problems.push(...storeProblems(values));
  problems.push(...fhirAuthorizationProblems(values));
  problems.push(...openEmrProblems(values));
  for (const name of Object.keys(environment)) {
    if (name.startsWith("NEURONOVA_") && !Object.hasOwn(SETTINGS, name.replace(/_FILE$/, ""))) {
      problems.push(`${name} is not a setting: see docs/settings.md for the ones there are`);
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return values as Values;
}
