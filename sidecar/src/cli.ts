#!/usr/bin/env node
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { Accounts } from "./accounts/accounts.js";
import { ACCOUNT_COMMANDS, accountCommand } from "./accounts/command.js";
import { accessOf, type AuditAction, type Who } from "./audit/access.js";
import { auditCommand } from "./audit/command.js";
import { refusalOf } from "./audit/refusal.js";
import { Trail } from "./audit/trail.js";
import { lookAtInstallation } from "./roles/look-at-installation.js";
import { migrate } from "./adapters/mysql/migrate.js";
import { permissionsTable } from "./authorization/permissions.js";
import { Passwords } from "./authorization/passwords.js";
import { IDENTITIES } from "./authorization/principal-directory.js";
import { ConfigError, readConfig, type Config } from "./config.js";
import { openConnections, orthancSettings, type Connections } from "./connections.js";
import { ApiError } from "./error-response.js";
import { HOOK_COMMANDS, hookCommand } from "./hooks/command.js";
import { HookSources } from "./hooks/hook-sources.js";
import { modelManifestSchema } from "./inference/model-manifest.js";
import { createLogger, type Logger } from "./log.js";
import { MODEL_COMMANDS, modelCommand } from "./models/command.js";
import { MODELS } from "./models/model-modes.js";
import { openEmrCommand } from "./openemr/command.js";
import { ConnectError } from "./openemr/connect.js";
import { OUTBOX_COMMANDS, outboxCommand } from "./outbox/command.js";
import { USAGE } from "./command-line/usage.js";
import { helpOf } from "./command-line/help.js";
import { completionFor } from "./command-line/completion.js";
import { diagnosisText, hasFailed, type Finding } from "./command-line/findings.js";
import { diagnose } from "./command-line/diagnose.js";
import { operatorPrincipal } from "./command-line/operator.js";
import { jobCommand } from "./ai-jobs/command.js";
import { StudyAccess } from "./authorization/study-access.js";
import { ApiKeys } from "./credentials/api-keys.js";
import { Clients } from "./credentials/clients.js";
import { clientCommand, keyCommand } from "./credentials/command.js";
import { linkCommand } from "./share-links/command.js";
import { createDemoCt } from "./phantom/demo-ct.js";
import { createDemoStudy } from "./phantom/demo-study.js";
import { renditionCommand } from "./renditions/command.js";
import { Progress } from "./renditions/progress.js";
import { ModelShelf } from "./roles/model-shelf.js";
import { policyOf } from "./roles/rendition-life.js";
import { TranscodingThreads } from "./roles/transcoding-threads.js";
import { noteBackup } from "./schedules/backup-note.js";
import { schedulesTables } from "./schedules/tables.js";
import { settingsTable } from "./settings-table.js";

/** What was asked for cannot be done as it was asked. */
class UsageError extends Error {}

/** Whoever has a shell on this machine, by the name the system has for them. */
function whoTypes(): Who {
  let name = "unknown";
  try {
    name = userInfo().username;
  } catch {
    // A container may run under a number that has no name.
  }
  return { subject: `command:${name}`, kind: "command", displayName: name, role: null, tokenId: "" };
}

async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, "drain");
}

/** What a command works with. */
interface Bench {
  readonly config: Config;
  readonly connections: Connections;
  readonly trail: Trail;
  readonly log: Logger;
}

const isRefused = (error: unknown) => error instanceof ApiError && error.status < 500;

/**
 * Opens what a command works with, on a database that is up to date, and closes it afterwards.
 * @param isUsage which faults are the caller's, to be told in their own words
 */
async function onBench(
  work: (bench: Bench) => Promise<void>,
  isUsage: (error: unknown) => boolean = isRefused,
): Promise<void> {
  const config = readConfig(process.env);
  const connections = openConnections(config);
  const log = createLogger("silent", "neuronova");
  const trail = new Trail(connections.audit, log);
  try {
    await migrate(connections.sequelize);
    await work({ config, connections, trail, log });
  } catch (error) {
    if (error instanceof Error && isUsage(error)) throw new UsageError(error.message);
    throw error;
  } finally {
    await trail.stop();
    await connections.close();
  }
}

/** Does what is in the audit trail before it is done, as everywhere, and is there again when it comes to nothing. */
async function recorded<T>(
  trail: Trail,
  access: { readonly action: AuditAction; readonly target: string },
  work: () => Promise<T>,
): Promise<T> {
  const row = await trail.record(
    accessOf({ who: whoTypes(), source: { address: "", userAgent: "" }, ...access }),
  );
  return work().catch(async (error: unknown) => {
    await row.end({ ...refusalOf(error), target: "", breakGlassId: null });
    throw error;
  });
}

function audit(args: string[]): Promise<void> {
  return onBench(async ({ connections: { auditSearch: search, auditChain: chain }, trail }) => {
    process.exitCode = await auditCommand(args, { trail, search, chain, who: whoTypes(), print });
  });
}

function account(args: string[]): Promise<void> {
  const readPassword = async () => (await text(process.stdin)).replace(/\r?\n$/, "");
  const action = args[0] === "list" ? "account-read" : "account-change";
  const target = `command:${ACCOUNT_COMMANDS.find((name) => name === args[0]) ?? ""}`;
  return onBench(
    async ({ connections, trail }) => {
      const changed = () => connections.announce(new Set([IDENTITIES]));
      const accounts = new Accounts(connections.accounts, new Passwords(), changed);
      const done = await recorded(trail, { action, target }, () =>
        accountCommand(args, accounts, readPassword),
      );
      process.stdout.write(`${done}\n`);
    },
    (error) => error instanceof ApiError,
  );
}

function outbox(args: string[]): Promise<void> {
  const command = OUTBOX_COMMANDS.find((name) => name === args[0]);
  const action = command === "replay" || command === "drop" ? "work-change" : "work-read";
  return onBench(async ({ connections, trail }) => {
    process.exitCode = await recorded(trail, { action, target: `command:${command ?? ""}` }, () =>
      outboxCommand(args, { ...connections, print }),
    );
  });
}

function hooks(args: string[]): Promise<void> {
  const command = HOOK_COMMANDS.find((name) => name === args[0]);
  const action = command === "list" || command === "messages" ? "hook-read" : "hook-change";
  return onBench(async ({ connections, trail }) => {
    const { hookSources, hookMessages, announce } = connections;
    if (hookSources === undefined)
      throw new UsageError("NEURONOVA_WEBHOOK_KEY is not set: it seals the secrets of sources");
    const sources = new HookSources(hookSources, hookMessages, () => announce(new Set(["hooks"])));
    const registrar = { subject: whoTypes().subject, demandAll: () => undefined };
    process.exitCode = await recorded(trail, { action, target: `command:hooks-${command ?? ""}` }, () =>
      hookCommand(args, { sources, registrar, print }),
    );
  });
}

function openemr([command]: string[]): Promise<void> {
  const action = command === "connect" ? "work-change" : "work-read";
  const target = `command:openemr-${command === "connect" ? command : "status"}`;
  const landing = async () => {
    for await (const line of createInterface({ input: process.stdin })) if (line.trim() !== "") return line;
    return "";
  };
  return onBench(
    async ({ connections, trail }) => {
      if (connections.openEmr === undefined)
        throw new UsageError("No OpenEMR is configured: set NEURONOVA_OPENEMR_URL");
      const { oauth: server, vault, api, known } = connections.openEmr;
      process.exitCode = await recorded(trail, { action, target }, () =>
        openEmrCommand(command, { server, vault, landing, api, known, print }),
      );
    },
    (error) => error instanceof ConnectError,
  );
}

function htj2k(args: string[]): Promise<void> {
  let renderer: TranscodingThreads | undefined;
  return onBench(async ({ config, connections, log }) => {
    const { archive, state, queue, renditions, tracer, announce } = connections;
    const columns = process.stdout.isTTY ? process.stdout.columns : undefined;
    const screen = { print, columns };
    process.exitCode = await renditionCommand(args, {
      renditions,
      archive,
      state,
      screen,
      progress: new Progress(screen),
      policy: policyOf(config),
      // Whatever it finds may wait for what arrives now.
      arrival: {
        archive,
        state,
        queue,
        tracer,
        log,
        stableAfterSeconds: config.NEURONOVA_STABLE_AFTER_SECONDS,
        backgroundAfterSeconds: 0,
      },
      verification: () => {
        renderer = new TranscodingThreads(config.NEURONOVA_TRANSCODING_THREADS, orthancSettings(config));
        return {
          renditions,
          state,
          renderer,
          announce,
          log,
          atOnce: 2 * config.NEURONOVA_TRANSCODING_THREADS,
        };
      },
    }).finally(() => renderer?.close());
  });
}

function models(args: string[]): Promise<void> {
  const command = MODEL_COMMANDS.find((name) => name === args[0]);
  const action = command === "list" ? "work-read" : "work-change";
  return onBench(async ({ config, connections, trail, log }) => {
    const { modelDecisions: decisions, announce } = connections;
    const shelf = new ModelShelf(config.NEURONOVA_MODELS_DIRECTORY, decisions, log);
    await shelf.look();
    process.exitCode = await recorded(trail, { action, target: `command:models-${command ?? ""}` }, () =>
      modelCommand(args, {
        shelf,
        decisions,
        changed: () => announce(new Set([MODELS])),
        subject: whoTypes().subject,
        print,
      }),
    );
  });
}

/** API keys, clients and share links: whoever has a shell here may look at and end all of them. */
function credentials(kind: "keys" | "clients" | "links", args: string[]): Promise<void> {
  const what = args[0] ?? "";
  const reads = what === "list";
  const action = {
    keys: reads ? "api-key-read" : "api-key-change",
    clients: reads ? "client-read" : "client-change",
    links: reads ? "share-read" : "share-revoke",
  } as const;
  return onBench(async ({ connections, trail }) => {
    const changed = () => connections.announce(new Set([IDENTITIES]));
    const operator = operatorPrincipal(whoTypes());
    const target = `command:${kind}-${/^[a-z]{1,16}$/.test(what) ? what : ""}`;
    process.exitCode = await recorded(trail, { action: action[kind], target }, () => {
      if (kind === "keys")
        return keyCommand(args, { keys: new ApiKeys(connections.apiKeys, changed), operator, print });
      if (kind === "clients")
        return clientCommand(args, { clients: new Clients(connections.clients, changed), print });
      return linkCommand(args, { links: connections.shareLinks, subject: operator.subject, changed, print });
    });
  });
}

function ai(args: string[]): Promise<void> {
  const runs = args[0] === "run";
  return onBench(async ({ config, connections, trail, log }) => {
    const { modelDecisions, state, queue, jobs, studyDirectory } = connections;
    const shelf = new ModelShelf(config.NEURONOVA_MODELS_DIRECTORY, modelDecisions, log);
    await shelf.look();
    const access = new StudyAccess(studyDirectory);
    const target = `command:ai-${runs ? "run" : "list"}`;
    process.exitCode = await recorded(trail, { action: runs ? "job-change" : "job-read", target }, () =>
      jobCommand(args, {
        ...{ state, queue, jobs, access, print },
        models: shelf.choice,
        modelCaption: shelf.caption,
        operator: operatorPrincipal(whoTypes()),
      }),
    );
  });
}

/** What the settings come to, without touching anything they name. */
function configFindings(): { readonly config: Config | undefined; readonly findings: readonly Finding[] } {
  try {
    const config = readConfig(process.env);
    return {
      config,
      findings: [{ check: "configuration", state: "ok", finding: "every setting can be used" }],
    };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const findings = error.problems.map((finding): Finding => {
      const todo =
        "Correct it where the process gets its environment from; docs/settings.md has every setting.";
      return { check: "configuration", state: "failed", finding, todo };
    });
    return { config: undefined, findings };
  }
}

async function printFindings(findings: readonly Finding[], args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { json: { type: "boolean", default: false } } });
  await print(values.json ? `${JSON.stringify(findings, null, 2)}\n` : diagnosisText(findings));
}

async function configCheck(args: string[]): Promise<void> {
  const { config, findings } = configFindings();
  await printFindings(findings, args);
  if (config === undefined) process.exitCode = 78;
}

/** Changes nothing, not even a database that is not up to date; so there is no audit row either. */
async function doctor(args: string[]): Promise<void> {
  const { config, findings: configured } = configFindings();
  let findings = configured;
  if (config !== undefined) {
    const connections = openConnections(config);
    try {
      findings = [...configured, ...(await diagnose(config, lookAtInstallation(config, connections)))];
    } finally {
      await connections.close();
    }
  }
  await printFindings(findings, args);
  if (hasFailed(findings)) process.exitCode = 1;
}

async function completion([shell = ""]: string[]): Promise<void> {
  const script = completionFor(shell, USAGE);
  if (script === undefined) throw new UsageError("completion takes one of: bash, zsh, fish");
  await print(script);
}

function schedulesStatus(): Promise<void> {
  return onBench(async ({ connections: { schedules } }) => {
    const runs = await schedules.runs();
    await print(runs.map((run) => `${JSON.stringify(run)}\n`).join(""));
    if (runs.some(({ succeeded }) => !succeeded)) process.exitCode = 1;
  });
}

function backupNoted(): Promise<void> {
  return onBench(async ({ connections: { state }, trail }) => {
    await recorded(trail, { action: "work-change", target: "command:backup-noted" }, () =>
      noteBackup(state, new Date()),
    );
  });
}

async function writeDemoStudy(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { output: { type: "string" } } });
  if (values.output === undefined) throw new UsageError("--output names the directory to write to");
  await mkdir(values.output, { recursive: true });
  const files = [...createDemoStudy({}), ...createDemoCt({})];
  for (const { fileName, bytes } of files) await writeFile(join(values.output, fileName), bytes);
  process.stdout.write(`${files.length} files in ${values.output}\n`);
}

async function main([command, ...rest]: string[]): Promise<void> {
  if (rest.includes("--help")) {
    const help = helpOf(USAGE, [command ?? "", ...rest]);
    if (help === undefined) throw new UsageError(USAGE);
    return print(help);
  }
  if (command === "keys" || command === "clients" || command === "links") return credentials(command, rest);
  if (command === "ai") return ai(rest);
  if (command === "config" && rest[0] === "check") return configCheck(rest.slice(1));
  if (command === "doctor") return doctor(rest);
  if (command === "completion") return completion(rest);
  if (command === "account") return account(rest);
  if (command === "audit") return audit(rest);
  if (command === "hooks") return hooks(rest);
  if (command === "htj2k") return htj2k(rest);
  if (command === "openemr") return openemr(rest);
  if (command === "outbox") return outbox(rest);
  if (command === "schedules" && rest[0] === "status") return schedulesStatus();
  if (command === "schedules") {
    process.stdout.write(`${schedulesTables()}\n`);
    return;
  }
  if (command === "backup" && rest[0] === "noted") return backupNoted();
  if (command === "demo-study") return writeDemoStudy(rest);
  if (command === "models" && rest[0] === "schema") {
    process.stdout.write(`${JSON.stringify(modelManifestSchema(), null, 2)}\n`);
    return;
  }
  if (command === "models") return models(rest);
  if (command === "settings") {
    process.stdout.write(`${settingsTable()}\n`);
    return;
  }
  if (command === "permissions") {
    process.stdout.write(`${permissionsTable()}\n`);
    return;
  }
  if (command === "--help" || command === "help") {
    process.stdout.write(USAGE);
    return;
  }
  throw new UsageError(USAGE);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const usage =
    error instanceof UsageError || (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS");
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(usage ? 64 : 1);
});
