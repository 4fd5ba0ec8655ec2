import { fhirAuthorization } from "./adapters/fhir/fhir-authorization.js";
import { FhirHttp } from "./adapters/fhir/fhir-http.js";
import { connect } from "./adapters/mysql/connection.js";
import { MySqlAccounts } from "./adapters/mysql/mysql-accounts.js";
import { MySqlArchiveResources } from "./adapters/mysql/mysql-archive-resources.js";
import { MySqlAudit } from "./adapters/mysql/mysql-audit.js";
import { MySqlAuditChain } from "./adapters/mysql/mysql-audit-chain.js";
import { MySqlAuditSearch } from "./adapters/mysql/mysql-audit-search.js";
import { MySqlBreakGlass } from "./adapters/mysql/mysql-break-glass.js";
import { MySqlCatalogue } from "./adapters/mysql/mysql-catalogue.js";
import { MySqlApiKeys, MySqlClients } from "./adapters/mysql/mysql-credentials.js";
import { MySqlDeadLetters } from "./adapters/mysql/mysql-dead-letters.js";
import { MySqlDirectInference } from "./adapters/mysql/mysql-direct-inference.js";
import { MySqlDestinationStates } from "./adapters/mysql/mysql-destination-states.js";
import { MySqlEmr } from "./adapters/mysql/mysql-emr.js";
import { MySqlEmrIdentity } from "./adapters/mysql/mysql-emr-identity.js";
import { MySqlHeldObjects } from "./adapters/mysql/mysql-held-objects.js";
import { MySqlHookMessages } from "./adapters/mysql/mysql-hook-messages.js";
import { MySqlHookSources } from "./adapters/mysql/mysql-hook-sources.js";
import { MySqlInstanceIndex } from "./adapters/mysql/mysql-instance-index.js";
import { MySqlJobs } from "./adapters/mysql/mysql-jobs.js";
import { MySqlLabels } from "./adapters/mysql/mysql-labels.js";
import { MySqlLaunchedSessions } from "./adapters/mysql/mysql-launched-sessions.js";
import { MySqlLinkCreators } from "./adapters/mysql/mysql-link-creators.js";
import { MySqlModelDecisions } from "./adapters/mysql/mysql-model-decisions.js";
import { MySqlModelStatistics } from "./adapters/mysql/mysql-model-statistics.js";
import { MySqlOrthancCallers } from "./adapters/mysql/mysql-orthanc-callers.js";
import { MySqlOutbox } from "./adapters/mysql/mysql-outbox.js";
import { MySqlPrincipals } from "./adapters/mysql/mysql-principals.js";
import { MySqlRenditions } from "./adapters/mysql/mysql-renditions.js";
import { MySqlCleanUp } from "./adapters/mysql/mysql-clean-up.js";
import { MySqlEventRetention } from "./adapters/mysql/mysql-event-retention.js";
import { MySqlSchedules } from "./adapters/mysql/mysql-schedules.js";
import { MySqlShareLinks } from "./adapters/mysql/mysql-share-links.js";
import { MySqlState } from "./adapters/mysql/mysql-state.js";
import { MySqlWebhookQueue } from "./adapters/mysql/mysql-webhook-queue.js";
import { MySqlWebhooks } from "./adapters/mysql/mysql-webhooks.js";
import { SealedBox } from "./adapters/mysql/sealed-box.js";
import { MySqlSynchronisation } from "./adapters/mysql/mysql-synchronisation.js";
import { MySqlStudyDirectory } from "./adapters/mysql/mysql-study-directory.js";
import { defineImagingModels } from "./adapters/mysql/models/imaging.js";
import { defineWorkModels } from "./adapters/mysql/models/work.js";
import { openOpenEmr } from "./adapters/openemr/open-openemr.js";
import { OrthancHttp, type OrthancSettings } from "./adapters/orthanc/http.js";
import { OrthancArchive } from "./adapters/orthanc/orthanc-archive.js";
import { OrthancOriginals } from "./adapters/orthanc/orthanc-originals.js";
import { OrthancRenditions } from "./adapters/orthanc/orthanc-renditions.js";
import { OrthancSearch } from "./adapters/orthanc/orthanc-search.js";
import { OrthancStore } from "./adapters/orthanc/orthanc-store.js";
import { BullQueue } from "./adapters/redis/bullmq-queue.js";
import { connectRedis } from "./adapters/redis/connection.js";
import { WakeChannel } from "./adapters/redis/wake.js";
import { SmartHttp } from "./adapters/smart/smart-http.js";
import type { Config } from "./config.js";
import type { DestinationName } from "./outbox/message.js";
import { NO_TRACER, type Tracer } from "./tracing/tracer.js";

const POOL = 12;

/** Everything this process talks to. Nothing is connected before it is used; all of it comes back by itself. */
export type Connections = ReturnType<typeof openConnections>;

export function openConnections(config: Config, tracer: Tracer = NO_TRACER) {
  const sequelize = connect({
    url: config.NEURONOVA_DATABASE_URL,
    password: config.NEURONOVA_DATABASE_PASSWORD,
    ca: config.NEURONOVA_DATABASE_CA,
    poolSize: POOL,
  });
  defineImagingModels(sequelize);
  defineWorkModels(sequelize);
  const redis = {
    url: config.NEURONOVA_REDIS_URL,
    password: config.NEURONOVA_REDIS_PASSWORD,
    ca: config.NEURONOVA_REDIS_CA,
  };
  const commands = connectRedis(redis);
  const subscriber = connectRedis(redis);
  const wake = new WakeChannel(commands, subscriber);
  const listeners = new Set<(topics: ReadonlySet<string>) => void>();
  const tell = (topics: ReadonlySet<string>) => {
    for (const listener of listeners) listener(topics);
  };
  // This process hears of its own commits at once, the others by Redis.
  const announce = (topics: ReadonlySet<string>) => {
    tell(topics);
    wake.publish(topics);
  };
  const state = new MySqlState(sequelize, announce);
  const http = new OrthancHttp(orthancSettings(config));
  const archive = new OrthancArchive(http);
  const queue = new BullQueue(commands);
  for (const connection of [commands, subscriber]) connection.on("error", () => undefined); // reported by readiness
  void wake.subscribe(tell).catch(() => undefined);

  const openEmr = openOpenEmr(config, sequelize);
  const destinations: readonly DestinationName[] = openEmr === undefined ? ["fhir"] : ["fhir", "openemr"];
  const webhookKey = config.NEURONOVA_WEBHOOK_KEY;
  const webhookBox = webhookKey === undefined ? undefined : new SealedBox(webhookKey, "neuronova webhooks");
  const clients = new MySqlClients(sequelize);
  const shareLinks = new MySqlShareLinks(sequelize);
  const launchedSessions = new MySqlLaunchedSessions(sequelize);
  const linkCreators = new MySqlLinkCreators(sequelize, clients);
  return {
    tracer,
    sequelize,
    commands,
    state,
    queue,
    catalogue: new MySqlCatalogue(sequelize),
    accounts: new MySqlAccounts(sequelize),
    principals: new MySqlPrincipals(sequelize, clients, shareLinks, linkCreators, launchedSessions),
    apiKeys: new MySqlApiKeys(sequelize),
    clients,
    shareLinks,
    launchedSessions,
    smartServers: new SmartHttp(),
    linkCreators,
    audit: new MySqlAudit(sequelize),
    auditChain: new MySqlAuditChain(sequelize),
    auditSearch: new MySqlAuditSearch(sequelize),
    schedules: new MySqlSchedules(sequelize),
    cleanUpStore: new MySqlCleanUp(sequelize),
    eventRetention: new MySqlEventRetention(sequelize),
    archiveResources: new MySqlArchiveResources(sequelize),
    breakGlass: new MySqlBreakGlass(sequelize),
    emr: new MySqlEmr(sequelize, announce, destinations),
    emrIdentity: new MySqlEmrIdentity(sequelize, announce, destinations),
    openEmr,
    /** Where changes are delivered to. */
    destinations,
    directInference: new MySqlDirectInference(sequelize, () => announce(new Set(["inference"]))),
    jobs: new MySqlJobs(sequelize),
    labels: new MySqlLabels(sequelize),
    heldObjects: new MySqlHeldObjects(sequelize),
    modelDecisions: new MySqlModelDecisions(sequelize),
    modelStatistics: new MySqlModelStatistics(sequelize),
    orthancCallers: new MySqlOrthancCallers(sequelize),
    studyDirectory: new MySqlStudyDirectory(sequelize),
    renditions: new MySqlRenditions(sequelize),
    outbox: new MySqlOutbox(sequelize, state),
    synchronisation: new MySqlSynchronisation(sequelize),
    destinationStates: new MySqlDestinationStates(sequelize),
    deadLetters: new MySqlDeadLetters(sequelize, () => announce(new Set(["outbox"]))),
    /** Undefined without the key that seals their secrets. */
    webhooks: webhookBox && new MySqlWebhooks(sequelize, webhookBox, () => announce(new Set(["webhooks"]))),
    /** The same. */
    hookSources:
      webhookKey === undefined
        ? undefined
        : new MySqlHookSources(sequelize, new SealedBox(webhookKey, "neuronova hooks")),
    hookMessages: new MySqlHookMessages(sequelize),
    webhookQueue: webhookBox && new MySqlWebhookQueue(sequelize, webhookBox, state.read),
    archive,
    archiveSearch: new OrthancSearch(http),
    originals: new OrthancOriginals(http),
    storedRenditions: new OrthancRenditions(http),
    instanceIndex: new MySqlInstanceIndex(sequelize),
    instanceStore: new OrthancStore(http, archive),
    fhir: new FhirHttp(
      config.NEURONOVA_FHIR_URL,
      config.NEURONOVA_FHIR_TIMEOUT_SECONDS * 1_000,
      fhirAuthorization(config),
      tracer,
    ),
    announce,
    /** Calls the listener when there may be something new of the topics. */
    onWake: (listener: (topics: ReadonlySet<string>) => void) => listeners.add(listener),
    /** A connection for a worker, which waits on it. */
    workerConnection: () => {
      const connection = connectRedis(redis);
      connection.on("error", () => undefined);
      return connection;
    },
    async close(): Promise<void> {
      await queue.close().catch(() => undefined);
      await wake.end();
      commands.disconnect();
      subscriber.disconnect();
      await sequelize.close().catch(() => undefined);
      await http.close();
    },
  };
}

export function orthancSettings(config: Config): OrthancSettings {
  return {
    url: config.NEURONOVA_ORTHANC_URL,
    username: config.NEURONOVA_ORTHANC_USERNAME,
    password: config.NEURONOVA_ORTHANC_PASSWORD,
  };
}
