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
import { accessOf, type Who } from "./audit/access.js";
import { auditCommand } from "./audit/command.js";
import { refusalOf } from "./audit/refusal.js";
import { Trail } from "./audit/trail.js";
import { migrate } from "./adapters/mysql/migrate.js";
import { USER_ROLES, permissionsTable } from "./authorization/permissions.js";
import { Passwords } from "./authorization/passwords.js";
import { IDENTITIES } from "./authorization/principal-directory.js";
import { readConfig } from "./config.js";
import { openConnections, orthancSettings } from "./connections.js";
import { ApiError } from "./error-response.js";
import { modelManifestSchema } from "./inference/model-manifest.js";
import { createLogger } from "./log.js";
import { MODEL_COMMANDS, modelCommand } from "./models/command.js";
import { MODELS } from "./models/model-modes.js";
import { openEmrCommand } from "./openemr/command.js";
import { ConnectError } from "./openemr/connect.js";
import { OUTBOX_COMMANDS, outboxCommand } from "./outbox/command.js";
import { createDemoStudy } from "./phantom/demo-study.js";
import { renditionCommand } from "./renditions/command.js";
import { Progress } from "./renditions/progress.js";
import { ModelShelf } from "./roles/model-shelf.js";
import { policyOf } from "./roles/rendition-life.js";
import { TranscodingThreads } from "./roles/transcoding-threads.js";
import { settingsTable } from "./settings-table.js";

const USAGE = `neuronova account put --username NAME --role ROLE [--display-name NAME] [--labels A,B] [--patient-id ID [--issuer-of-patient-id ISSUER]]
                                          (creates or replaces; password on standard input; roles: ${USER_ROLES.join(", ")})
neuronova account list
neuronova account enable|disable --username NAME
neuronova account password --username NAME    (password on standard input)
neuronova audit verify [--anchor SEQUENCE:HASH]…   (follows the hash chain; exit status 1 when it is broken)
neuronova audit export [--format ndjson|csv] [--user U] [--patient ID] [--issuer I] [--study UID] [--action A] [--outcome O] [--from T] [--to T]
neuronova audit export --chain                (every sealed row with its hash, in order)
neuronova htj2k status                        (how many renditions there are, by state and format, and what they weigh)
neuronova htj2k backfill [--study UID | --since YYYY-MM-DD | --modality M] [--dry-run] [--per-second N] [--retry-failed] [--retry-not-renderable]
                                          (renders what is not rendered yet, after everything that arrives; end it and start it again as you like)
neuronova htj2k retention [--dry-run]         (drops the renditions that the settings do not keep; originals stay)
neuronova htj2k verify --study UID | --sample N | --all
                                          (re-reads and decodes stored renditions; exit status 1 when one was bad)
neuronova outbox status                       (how each destination is found, what waits for it, what failed; exit status 1 when something is wrong)
neuronova outbox list [--state failed|pending] [--destination D] [--kind K] [--code C] [--after ID] [--limit N]
neuronova outbox show ID                      (with the destination's answer, which may hold patient data)
neuronova outbox replay ID | --all | [--destination D] [--kind K] [--code C]
neuronova outbox drop ID --reason "…"
neuronova openemr connect                     (a person agrees in OpenEMR once; docs/openemr.md)
neuronova openemr status                      (whether it is connected, and whose chart contradicts; exit status 1 when something is wrong)
neuronova demo-study --output DIRECTORY       (writes the DICOM files of the demo study)
neuronova models list                         (which there are, whether they run, and which bundles are refused; exit status 1 when one is)
neuronova models reload                       (has every process read the folder of models again)
neuronova models set-mode NAME VERSION enabled|disabled|shadow
neuronova models schema                       (prints the JSON Schema of a model's manifest.json)
neuronova settings                            (prints the table of settings)
neuronova permissions                         (prints the table of roles and permissions)
`;

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

async function audit(args: string[]): Promise<void> {
  const connections = openConnections(readConfig(process.env));
  const trail = new Trail(connections.audit, createLogger("silent", "neuronova"));
  try {
    await migrate(connections.sequelize);
    process.exitCode = await auditCommand(args, {
      trail,
      search: connections.auditSearch,
      chain: connections.auditChain,
      who: whoTypes(),
      print,
    });
  } catch (error) {
    if (error instanceof ApiError && error.status < 500) throw new UsageError(error.message);
    throw error;
  } finally {
    await trail.stop();
    await connections.close();
  }
}

async function account(args: string[]): Promise<void> {
  const connections = openConnections(readConfig(process.env));
  const trail = new Trail(connections.audit, createLogger("silent", "neuronova"));
  const changed = () => connections.announce(new Set([IDENTITIES]));
  const readPassword = async () => (await text(process.stdin)).replace(/\r?\n$/, "");
  try {
    await migrate(connections.sequelize);
    const accounts = new Accounts(connections.accounts, new Passwords(), changed);
    // Before it is done, as everywhere: nothing is changed that is not recorded.
    const recorded = await trail.record(
      accessOf({
        who: whoTypes(),
        source: { address: "", userAgent: "" },
        action: args[0] === "list" ? "account-read" : "account-change",
        target: `command:${ACCOUNT_COMMANDS.find((name) => name === args[0]) ?? ""}`,
      }),
    );
    process.stdout.write(
      `${await accountCommand(args, accounts, readPassword).catch(async (error: unknown) => {
        await recorded.end({ ...refusalOf(error), target: "", breakGlassId: null });
        throw error;
      })}\n`,
    );
  } catch (error) {
    if (error instanceof ApiError) throw new UsageError(error.message);
    throw error;
  } finally {
    await trail.stop();
    await connections.close();
  }
}

async function outbox(args: string[]): Promise<void> {
  const connections = openConnections(readConfig(process.env));
  const trail = new Trail(connections.audit, createLogger("silent", "neuronova"));
  const command = OUTBOX_COMMANDS.find((name) => name === args[0]);
  try {
    await migrate(connections.sequelize);
    const recorded = await trail.record(
      accessOf({
        who: whoTypes(),
        source: { address: "", userAgent: "" },
        action: command === "replay" || command === "drop" ? "work-change" : "work-read",
        target: `command:${command ?? ""}`,
      }),
    );
    process.exitCode = await outboxCommand(args, { ...connections, print }).catch(async (error: unknown) => {
      await recorded.end({ ...refusalOf(error), target: "", breakGlassId: null });
      throw error;
    });
  } catch (error) {
    if (error instanceof ApiError && error.status < 500) throw new UsageError(error.message);
    throw error;
  } finally {
    await trail.stop();
    await connections.close();
  }
}

async function openemr([command]: string[]): Promise<void> {
  const connections = openConnections(readConfig(process.env));
  const trail = new Trail(connections.audit, createLogger("silent", "neuronova"));
  try {
    if (connections.openEmr === undefined)
      throw new UsageError("No OpenEMR is configured: set NEURONOVA_OPENEMR_URL");
    await migrate(connections.sequelize);
    const { oauth, vault, api, known } = connections.openEmr;
    const recorded = await trail.record(
      accessOf({
        who: whoTypes(),
        source: { address: "", userAgent: "" },
        action: command === "connect" ? "work-change" : "work-read",
        target: `command:openemr-${command === "connect" ? command : "status"}`,
      }),
    );
    const landing = async () => {
      for await (const line of createInterface({ input: process.stdin })) if (line.trim() !== "") return line;
      return "";
    };
    process.exitCode = await openEmrCommand(command, {
      server: oauth,
      vault,
      landing,
      api,
      known,
      print,
    }).catch(async (error: unknown) => {
      await recorded.end({ ...refusalOf(error), target: "", breakGlassId: null });
      throw error;
    });
  } catch (error) {
    if (error instanceof ConnectError) throw new UsageError(error.message);
    throw error;
  } finally {
    await trail.stop();
    await connections.close();
  }
}

async function htj2k(args: string[]): Promise<void> {
  const config = readConfig(process.env);
  const connections = openConnections(config);
  const log = createLogger("silent", "neuronova");
  const { archive, state, queue, renditions, announce } = connections;
  const columns = process.stdout.isTTY ? process.stdout.columns : undefined;
  const screen = { print, columns };
  let renderer: TranscodingThreads | undefined;
  try {
    await migrate(connections.sequelize);
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
    });
  } catch (error) {
    if (error instanceof ApiError && error.status < 500) throw new UsageError(error.message);
    throw error;
  } finally {
    await renderer?.close();
    await connections.close();
  }
}

async function models(args: string[]): Promise<void> {
  const config = readConfig(process.env);
  const connections = openConnections(config);
  const log = createLogger("silent", "neuronova");
  const trail = new Trail(connections.audit, log);
  const { modelDecisions: decisions, announce } = connections;
  const command = MODEL_COMMANDS.find((name) => name === args[0]);
  const who = whoTypes();
  try {
    await migrate(connections.sequelize);
    const shelf = new ModelShelf(config.NEURONOVA_MODELS_DIRECTORY, decisions, log);
    await shelf.look();
    const recorded = await trail.record(
      accessOf({
        who,
        source: { address: "", userAgent: "" },
        action: command === "list" ? "work-read" : "work-change",
        target: `command:models-${command ?? ""}`,
      }),
    );
    process.exitCode = await modelCommand(args, {
      shelf,
      decisions,
      changed: () => announce(new Set([MODELS])),
      subject: who.subject,
      print,
    }).catch(async (error: unknown) => {
      await recorded.end({ ...refusalOf(error), target: "", breakGlassId: null });
      throw error;
    });
  } catch (error) {
    if (error instanceof ApiError && error.status < 500) throw new UsageError(error.message);
    throw error;
  } finally {
    await trail.stop();
    await connections.close();
  }
}

async function writeDemoStudy(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { output: { type: "string" } } });
  if (values.output === undefined) throw new UsageError("--output names the directory to write to");
  await mkdir(values.output, { recursive: true });
  const files = createDemoStudy({});
  for (const { fileName, bytes } of files) await writeFile(join(values.output, fileName), bytes);
  process.stdout.write(`${files.length} files in ${values.output}\n`);
}

async function main([command, ...rest]: string[]): Promise<void> {
  if (command === "account") return account(rest);
  if (command === "audit") return audit(rest);
  if (command === "htj2k") return htj2k(rest);
  if (command === "openemr") return openemr(rest);
  if (command === "outbox") return outbox(rest);
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
