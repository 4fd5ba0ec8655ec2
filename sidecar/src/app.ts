import express, { type Express } from "express";
import { createServer, type RequestListener, type Server } from "node:http";
import { forgetInstance } from "./arrival/forget-instance.js";
import {
  NOTIFICATION_PATH,
  notificationReceiver,
  type NotificationDependencies,
} from "./arrival/notification.js";
import type { ArrivalDependencies } from "./arrival/instances-arrived.js";
import type { ModelChoice } from "./ai-jobs/request-jobs.js";
import { jobRoutes } from "./ai-jobs/routes.js";
import { auditApi, auditRefusals, type AuditParts } from "./audit/audit-api.js";
import { auditRoutes } from "./audit/routes.js";
import { allow, insistOnUnrestricted } from "./authorization/allow.js";
import { prompt } from "./authorization/prompt-tokens.js";
import type { Connections } from "./connections.js";
import type { Answers } from "./direct-inference/answers.js";
import { inferenceRoutes } from "./direct-inference/routes.js";
import { dicomWebProxy } from "./dicomweb/proxy.js";
import { orthancExplorer } from "./orthanc-explorer/explorer-proxy.js";
import { WEB_SERVICE_PATH, orthancWebService } from "./orthanc-authorization/web-service.js";
import type { TokenReader } from "./orthanc-authorization/presented-token.js";
import type { RecentCallers } from "./orthanc-authorization/recent-callers.js";
import type { Images } from "./images.js";
import type { StoreInstances } from "./stow-rs/store-instances.js";
import { ApiError, errorBoundary } from "./error-response.js";
import type { EventSocket } from "./events/event-socket.js";
import { emrRoutes } from "./emr-routes.js";
import type { OtherEmr } from "./emr/record-routes.js";
import { failureRoutes } from "./failures/routes.js";
import { identityRoutes } from "./identity-routes.js";
import type { IdentityParts } from "./identity.js";
import type { Metrics } from "./health/metrics.js";
import { queueRoutes } from "./health/queue-routes.js";
import { STOPPING, readiness, type Checks } from "./health/readiness.js";
import { statusRoutes } from "./health/status-routes.js";
import type { StatusSources } from "./health/status.js";
import { keyImageRoutes } from "./key-object-selection/routes.js";
import type { Logger } from "./log.js";
import type { ModelCaption, ModelsToAskFor } from "./studies/study-details.js";
import { MODELS } from "./models/model-modes.js";
import { modelRoutes, type Shelf } from "./models/routes.js";
import { statisticsRoutes } from "./models/statistics-routes.js";
import { descriptionRoutes } from "./openapi/routes.js";
import { outboxRoutes } from "./outbox/routes.js";
import { reviewRoutes, type ReviewRoutesDependencies } from "./review/routes.js";
import { studyRoutes } from "./studies/routes.js";
import type { HookInbox } from "./hooks/hook-inbox.js";
import type { HookSources } from "./hooks/hook-sources.js";
import { hookRoutes, readHookBody } from "./hooks/routes.js";
import { hookSourceRoutes } from "./hooks/source-routes.js";
import { requestName } from "./tracing/request-name.js";
import { tracedRequests } from "./tracing/trace-requests.js";
import type { Tracer } from "./tracing/tracer.js";
import { whileSomebodyWaits } from "./state/patience.js";
import { webhookRoutes } from "./webhooks/routes.js";
import type { Webhooks } from "./webhooks/webhooks.js";

export interface HealthParts {
  readonly required: Checks;
  /** Asked for each time: models on inference servers come and go. */
  readonly optional: () => Checks;
  readonly metrics: Metrics;
  /** Said by readiness: which roles, which inference engine, how destinations are found. */
  readonly about: () => Promise<Readonly<Record<string, unknown>>>;
  readonly roles: readonly string[];
  /** Whether the process was told to end. */
  readonly isStopping: () => boolean;
}

export interface ApiParts {
  readonly arrivalSecret: string;
  readonly arrival: ArrivalDependencies;
  readonly notifications: NotificationDependencies;
  readonly identity: IdentityParts;
  readonly orthanc: { readonly reader: TokenReader; readonly callers: RecentCallers };
  readonly audit: AuditParts;
  readonly images: Images;
  readonly storeInstances: StoreInstances;
  readonly connections: Connections;
  readonly otherEmr: OtherEmr | undefined;
  readonly socket: EventSocket;
  readonly modelCaption: (name: string, version: string) => ModelCaption;
  readonly models: Shelf;
  readonly review: ReviewRoutesDependencies;
  readonly modelChoice: ModelChoice & ModelsToAskFor;
  readonly answers: Answers;
  readonly webhooks: Webhooks | undefined;
  readonly hooks: { readonly inbox: HookInbox; readonly sources: HookSources } | undefined;
  readonly status: Omit<StatusSources, "readiness">;
}

/** The HTTP server of a process: health and metrics always, everything else in the api role. */
export function createHttpServer(
  health: HealthParts,
  api: ApiParts | undefined,
  tracer: Tracer,
  log: Logger,
): Server {
  const app = express();
  app.disable("x-powered-by");
  app.set("etag", false);
  app.set("query parser", "simple");
  healthRoutes(app, health);
  if (api !== undefined) apiRoutes(app, api, health, log);
  app.use(() => {
    throw new ApiError(404, "no-such-resource", "There is nothing at this address.");
  });
  app.use(auditRefusals);
  app.use(errorBoundary(log));

  const dicomWeb =
    api &&
    dicomWebProxy({
      ...api.audit,
      tokens: api.identity.tokens,
      access: api.identity.access,
      ...api.images,
      pictures: api.images,
      archive: api.connections.archiveSearch,
      store: api.storeInstances,
      count: (transaction, source, frames) => {
        health.metrics.dicomWeb.inc({ transaction, source });
        if (frames > 0) health.metrics.frames.inc({ source }, frames);
      },
    });
  const explorer =
    api &&
    orthancExplorer({
      ...api.audit,
      tokens: api.identity.tokens,
      resources: api.connections.archiveResources,
    });
  const notified = api && notificationReceiver(api.arrivalSecret, api.notifications);
  const webService =
    api &&
    orthancWebService({
      secret: api.arrivalSecret,
      ...api.orthanc,
      ...api.audit,
      access: api.identity.access,
      shareLinks: api.identity.shareLinks,
      publicUrl: api.identity.publicUrl,
      log,
    });
  const listener: RequestListener = (request, response) => {
    // Frames and notifications come by the hundred a second: they pass Express by.
    if (notified && request.url === NOTIFICATION_PATH) notified(request, response);
    else if (dicomWeb && request.url?.startsWith("/dicom-web/")) void dicomWeb(request, response);
    else if (explorer && request.url?.startsWith("/orthanc/")) void explorer(request, response);
    else if (webService && request.url?.startsWith(WEB_SERVICE_PATH)) webService(request, response);
    else app(request, response);
  };
  const server = createServer(
    tracedRequests(tracer, requestName, (request, response) =>
      whileSomebodyWaits(() => listener(request, response)),
    ),
  );
  server.on("upgrade", (request, socket, head) => {
    if (api && request.url?.split("?")[0] === "/api/events") api.socket.accept(request, socket, head);
    else socket.destroy();
  });
  // nginx keeps its connections for 60 s: the server must not be the one to close them.
  server.keepAliveTimeout = 75_000;
  // An upload may take its time: stow-rs/request-body.ts says how slow a client may be.
  server.requestTimeout = 0;
  server.on("clientError", (_error, socket) => socket.destroy());
  return server;
}

function healthRoutes(app: Express, health: HealthParts): void {
  const { required, optional, metrics, about, roles, isStopping } = health;
  app.get("/api/health/live", (_request, response) => {
    response.json({ status: "live" });
  });
  app.get("/api/health/ready", async (_request, response) => {
    if (isStopping()) {
      response.status(503).json({ ...STOPPING, roles, breakers: {} });
      return;
    }
    const [answer, more] = await Promise.all([readiness(required, optional()), about()]);
    response.status(answer.status === "ready" ? 200 : 503).json({ ...answer, ...more });
  });
  app.get("/metrics", async (_request, response) => {
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
}

function apiRoutes(app: Express, api: ApiParts, health: HealthParts, log: Logger): void {
  const { connections, identity, audit } = api;
  const { state, catalogue, fhir, queue, labels } = connections;
  const { tokens, access, labelsChanged: changed } = identity;
  app.use("/api/hooks", readHookBody);
  app.use(express.json({ limit: "100kb" }));
  // Every route below has a line in audit/audited-routes.ts, or it is not reached.
  app.use(auditApi(audit));
  app.use("/api", descriptionRoutes());
  identityRoutes(app, identity, audit.proxies);
  emrRoutes(app, connections, tokens, api.otherEmr);
  app.use(
    "/api/audit",
    allow(tokens, "audit-logs"),
    insistOnUnrestricted,
    auditRoutes({ search: connections.auditSearch, chain: connections.auditChain, log }),
  );
  app.use(
    "/api/studies/:studyInstanceUid/key-images",
    allow(tokens, "view"),
    keyImageRoutes({
      read: state.read,
      archive: connections.archive,
      forget: (orthancId) => forgetInstance(orthancId, api.arrival),
      access,
      accounts: connections.accounts,
      organisation: api.review.organisation,
    }),
  );
  app.use(
    "/api/studies",
    allow(tokens, "view"),
    studyRoutes({
      read: state.read,
      catalogue,
      fhir,
      access,
      labels,
      changed,
      modelCaption: api.modelCaption,
      models: api.modelChoice,
      synchronised: connections.synchronisation,
    }),
  );
  app.use("/api/ai", reviewRoutes(api.review));
  app.use(
    "/api/ai/models",
    allow(tokens, "view"),
    insistOnUnrestricted,
    statisticsRoutes({ statistics: connections.modelStatistics, shelf: api.models }),
  );
  app.use(
    "/api/models",
    modelRoutes({
      shelf: api.models,
      decisions: connections.modelDecisions,
      changed: () => connections.announce(new Set([MODELS])),
      mayView: allow(tokens, "view"),
      mayAdminister: [allow(tokens, "administer-work"), insistOnUnrestricted],
    }),
  );
  app.use(
    "/api/ai/jobs",
    allow(tokens, "view"),
    jobRoutes({
      state,
      queue,
      access,
      jobs: connections.jobs,
      models: api.modelChoice,
      modelCaption: api.modelCaption,
    }),
  );
  app.use(
    "/api/inference",
    allow(tokens, "view"),
    inferenceRoutes({
      state,
      access,
      jobs: connections.jobs,
      store: connections.directInference,
      answers: api.answers,
      models: api.modelChoice,
      modelCaption: api.modelCaption,
    }),
  );
  app.use(
    "/api/status",
    allow(prompt(tokens), "administer-work"),
    insistOnUnrestricted,
    statusRoutes({ ...api.status, readiness: () => readiness(health.required, health.optional()) }),
  );
  app.use(
    "/api/queues",
    allow(prompt(tokens), "administer-work"),
    insistOnUnrestricted,
    queueRoutes(() => queue.depth()),
  );
  app.use(
    "/api/webhooks",
    allow(tokens, "admin-permissions"),
    insistOnUnrestricted,
    webhookRoutes(api.webhooks),
  );
  app.use("/api/hooks", hookRoutes(api.hooks?.inbox, audit.proxies));
  app.use(
    "/api/hook-sources",
    allow(tokens, "admin-permissions"),
    insistOnUnrestricted,
    hookSourceRoutes(api.hooks?.sources),
  );
  app.use("/api/outbox", allow(tokens, "administer-work"), insistOnUnrestricted, outboxRoutes(connections));
  app.use(
    "/api/failures",
    allow(tokens, "administer-work"),
    failureRoutes({ state, queue, catalogue, access, arrival: api.arrival }),
  );
}
