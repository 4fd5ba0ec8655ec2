import { once } from "node:events";
import type { Server } from "node:http";
import { migrate, NewerDatabaseError } from "./adapters/mysql/migrate.js";
import { databaseTakesWrites } from "./adapters/mysql/takes-writes.js";
import { redisTakesWrites } from "./adapters/redis/takes-writes.js";
import { createHttpServer, type ApiParts } from "./app.js";
import type { TokenVerifier } from "./authorization/access-token.js";
import type { Config } from "./config.js";
import { openConnections, orthancSettings, type Connections } from "./connections.js";
import { NO_TRACER, type Tracer } from "./tracing/tracer.js";
import { Draining } from "./draining.js";
import { AddressGuard } from "./webhooks/address-guard.js";
import { Webhooks } from "./webhooks/webhooks.js";
import { Answers } from "./direct-inference/answers.js";
import { TokenReader } from "./orthanc-authorization/presented-token.js";
import { RecentCallers } from "./orthanc-authorization/recent-callers.js";
import { openImages } from "./images.js";
import { startIdentity } from "./identity.js";
import { inTime } from "./health/in-time.js";
import { Metrics } from "./health/metrics.js";
import { watchUnfinishedWork } from "./health/pipeline-metrics.js";
import { watchSchedules } from "./health/schedule-metrics.js";
import { openStow } from "./stow.js";
import type { Checks } from "./health/readiness.js";
import type { Logger } from "./log.js";
import { reviewStatistics } from "./review/statistics.js";
import { ModelShelf } from "./roles/model-shelf.js";
import { MODELS } from "./models/model-modes.js";
import { hearNotifications, leadArrival } from "./roles/arrival.js";
import { startAudit } from "./roles/audit.js";
import { startDelivery } from "./roles/delivery.js";
import { lookAfterEmr } from "./roles/emr.js";
import { lookAfterInference } from "./roles/direct-inference.js";
import { startEvents } from "./roles/events.js";
import { startInference } from "./roles/inference.js";
import { lookAfterRenditions } from "./roles/rendition-life.js";
import { tellRefusals } from "./roles/tell-refusals.js";
import { startTranscoding } from "./roles/transcoding.js";
import { HookInbox } from "./hooks/hook-inbox.js";
import { HookSources } from "./hooks/hook-sources.js";
import { startHooks } from "./roles/hooks.js";
import { keepSchedules } from "./roles/schedules.js";
import { statusSources } from "./roles/status.js";
import { startOtherEmr } from "./roles/other-emr.js";

interface Part {
  stop(): Promise<void>;
}

const MIGRATION_RETRY_MILLISECONDS = 500;

/** Starts the roles this process plays; answers when it listens. Dependencies that are away are waited for. */
export async function startProgram(
  config: Config,
  log: Logger,
  signal: AbortSignal,
): Promise<{ server: Server; stop(): Promise<void> }> {
  const roles = new Set(config.NEURONOVA_ROLES);
  const tracer = await openTracer(config, (fate, spans) => metrics.traceSpans.inc({ outcome: fate }, spans));
  const connections = openConnections(config, tracer);
  tellRefusals(connections.commands, log);
  const models = new ModelShelf(config.NEURONOVA_MODELS_DIRECTORY, connections.modelDecisions, log);
  const sockets: { count: () => number } = { count: () => 0 };
  const metrics = new Metrics({
    queueDepth: () => connections.queue.depth(),
    backlog: () => connections.outbox.backlog(),
    webSockets: () => sockets.count(),
  });
  await migrateWhenThere(connections, log, signal);
  await models.look();

  const following = models.follow();
  connections.onWake((topics) => {
    if (topics.has(MODELS)) following.wake();
  });
  const parts: Part[] = [following];
  if (roles.has("transcoding")) parts.push(startTranscoding(config, connections, metrics, log));
  const inference = roles.has("inference")
    ? await startInference(config, connections, models, metrics, log)
    : undefined;
  if (inference) parts.push(inference);
  if (roles.has("delivery"))
    parts.push(startDelivery(config, connections, metrics, models.title, siteOf(config), log));
  const api = roles.has("api") ? await startApi(config, connections, models, metrics, log) : undefined;
  if (api) {
    parts.push(...api.background);
    sockets.count = () => api.api.socket.connections;
    const { status } = api.api;
    metrics.watchAudit(status.audit);
    metrics.watchRenditions(() => connections.renditions.figures());
    metrics.watchReviews(() => reviewStatistics(connections.state.read));
    watchUnfinishedWork(metrics.registry, status.oldestSeconds);
    watchSchedules(metrics.registry, { ...status, runs: status.schedules });
  }

  const about = async () => ({
    roles: [...roles],
    ...(inference ? { engines: inference.engines() } : {}),
    breakers: await breakersOf(connections),
  });
  const { required, optional } = checksFor(connections);
  const checks = { required, optional: () => ({ ...optional, ...inference?.checks() }) };
  const health = { ...checks, metrics, about, roles: [...roles], isStopping: () => signal.aborted };
  const server = createHttpServer(health, api?.api, tracer, log);
  const draining = new Draining(server, config.NEURONOVA_NOTICE_SECONDS * 1_000);
  server.listen(config.NEURONOVA_LISTEN_PORT, config.NEURONOVA_LISTEN_HOST);
  await once(server, "listening");
  return {
    server,
    async stop() {
      // What goes on by itself ends at once; what requests need, after the last of them.
      await Promise.all([draining.end(), ...parts.map((part) => part.stop())]);
      await Promise.all(api?.parts.map((part) => part.stop()) ?? []);
      await connections.close();
      await tracer.stop();
    },
  };
}

async function startApi(
  config: Config,
  connections: Connections,
  models: ModelShelf,
  metrics: Metrics,
  log: Logger,
): Promise<{
  api: ApiParts;
  /** What goes on by itself. */
  background: Part[];
  /** What requests need. */
  parts: Part[];
}> {
  const { archive, state, queue } = connections;
  const identity = startIdentity(config, connections, log);
  const { tracer } = connections;
  const arrival = { archive, state, queue, tracer, log, ...arrivalTimes(config) };
  const stability = { state, queue, tracer, log, applicableModels: models.applicableTo };
  const audit = startAudit(config, connections, metrics, log);
  const events = await startEvents(connections, identity, audit, log);
  const emr = lookAfterEmr(config, connections, log);
  const notifications = hearNotifications(connections, arrival);
  const leader = leadArrival(
    connections,
    arrival,
    notifications.told,
    stability,
    config.NEURONOVA_SWEEP_SECONDS,
    () => [
      ...lookAfterRenditions(config, connections, log),
      ...emr(),
      ...lookAfterInference(connections, log),
      keepSchedules(config, connections, audit.trail, log),
    ],
  );
  const images = await openImages(config, connections, log);
  const otherEmr = startOtherEmr(config, connections, log);
  const { username, password } = orthancSettings(config);
  const orthanc = {
    reader: new TokenReader({
      tokens: identity.tokens,
      shareLinks: identity.shareLinks,
      orthancAccount: { username, password },
    }),
    callers: new RecentCallers(connections.orthancCallers),
  };
  const api: ApiParts = {
    orthanc,
    arrivalSecret: config.NEURONOVA_ARRIVAL_SECRET,
    arrival,
    notifications: { stored: notifications.stored, log },
    identity,
    audit,
    images,
    storeInstances: await openStow(config, connections, log),
    connections,
    otherEmr: otherEmr?.otherEmr,
    socket: events.socket,
    modelCaption: models.caption,
    models,
    review: {
      state,
      queue,
      archive,
      held: connections.heldObjects,
      findModel: (name, version) => models.find(name, version),
      accounts: connections.accounts,
      organisation: config.NEURONOVA_ORGANISATION ?? siteOf(config),
      tokens: identity.tokens,
      access: identity.access,
    },
    modelChoice: models.choice,
    answers: new Answers({ ...connections, store: connections.directInference }),
    hooks: hooksOf(connections, identity),
    status: statusSources(config, connections, audit),
    webhooks:
      connections.webhooks &&
      new Webhooks(connections.webhooks, new AddressGuard(config.NEURONOVA_WEBHOOK_NETWORKS)),
  };
  const parts = [audit, images, ...(otherEmr === undefined ? [] : [otherEmr])];
  const hooks = startHooks(
    connections,
    { models: models.choice, access: identity.access, trail: audit.trail },
    log,
  );
  return { api, background: [leader, notifications.loop, events, ...hooks], parts };
}

function hooksOf(
  { hookSources: sources, hookMessages: messages, apiKeys, announce }: Connections,
  { tokens }: { readonly tokens: TokenVerifier },
): ApiParts["hooks"] {
  if (sources === undefined) return undefined;
  const wake = () => announce(new Set(["hooks"]));
  return {
    inbox: new HookInbox({ sources, messages, tokens, wake }),
    sources: new HookSources(sources, messages, apiKeys, wake),
  };
}

function arrivalTimes(config: Config) {
  return {
    stableAfterSeconds: config.NEURONOVA_STABLE_AFTER_SECONDS,
    backgroundAfterSeconds: config.NEURONOVA_BACKGROUND_AFTER_SECONDS,
  };
}

/** The host name people know this installation by. */
function siteOf({ NEURONOVA_PUBLIC_URL: publicUrl }: Config): string {
  return publicUrl === undefined ? "neuronova" : new URL(publicUrl).hostname;
}

function checksFor({ sequelize, commands, archive, fhir }: Connections): {
  required: Checks;
  optional: Checks;
} {
  return {
    required: {
      database: () => databaseTakesWrites(sequelize),
      redis: () => redisTakesWrites(commands),
      orthanc: () => archive.version(),
    },
    optional: { fhir: () => fhir.ping() },
  };
}

/** Destination by destination; nothing while the database is away or hangs, which readiness says anyway. */
async function breakersOf({ destinationStates }: Connections): Promise<Record<string, string>> {
  const states = await inTime(() => destinationStates.states()).catch(() => []);
  return Object.fromEntries(states.map(({ destination, breaker }) => [destination, breaker]));
}

/** The SDK is loaded only where there is a collector. */
async function openTracer(
  { NEURONOVA_OTLP_ENDPOINT: endpoint, NEURONOVA_TRACE_RATIO: ratio, NEURONOVA_ROLES: roles }: Config,
  count: (fate: "exported" | "dropped", spans: number) => void,
): Promise<Tracer> {
  if (endpoint === undefined) return NO_TRACER;
  const { OtlpTracer } = await import("./adapters/opentelemetry/otlp-tracer.js");
  return new OtlpTracer({ endpoint, ratio, roles, count });
}

async function migrateWhenThere({ sequelize }: Connections, log: Logger, signal: AbortSignal): Promise<void> {
  for (let told = false; !signal.aborted;) {
    try {
      await migrate(sequelize);
      return;
    } catch (error) {
      if (error instanceof NewerDatabaseError) throw error;
      if (!told) log.warn({ err: error }, "the database is not ready; waiting for it");
      told = true;
      await new Promise((resolve) => setTimeout(resolve, MIGRATION_RETRY_MILLISECONDS));
    }
  }
}
