import type { Express } from "express";
import { accountRoutes } from "./accounts/routes.js";
import type { TrustedProxies } from "./audit/source.js";
import { allow, insistOnUnrestricted } from "./authorization/allow.js";
import { authorizationRoutes } from "./authorization/routes.js";
import { breakGlassRoutes } from "./break-glass/routes.js";
import { apiKeyRoutes, clientRoutes, tokenRoutes } from "./credentials/routes.js";
import type { IdentityParts } from "./identity.js";
import { explorerSessionRoutes } from "./orthanc-explorer/routes.js";
import { shareLinkRoutes } from "./share-links/routes.js";
import { launchRoutes, smartRoutes } from "./smart-launch/routes.js";

/** The routes about who somebody is and what they may. */
export function identityRoutes(app: Express, identity: IdentityParts, proxies: TrustedProxies): void {
  const { tokens } = identity;
  const administrator = [allow(tokens, "admin-permissions"), insistOnUnrestricted];
  app.use("/api/auth/orthanc-session", explorerSessionRoutes(tokens));
  app.use("/api/auth", authorizationRoutes(identity.sessions, tokens));
  app.use("/api/oauth", tokenRoutes(identity.tokenEndpoint));
  app.use("/api/accounts", ...administrator, accountRoutes(identity.accounts));
  app.use("/api/api-keys", ...administrator, apiKeyRoutes(identity.apiKeys));
  app.use("/api/clients", ...administrator, clientRoutes(identity.clients));
  app.use("/api/break-glass", breakGlassRoutes(identity.breakGlass, tokens, proxies));
  app.use("/api/share-links", shareLinkRoutes(identity.shareLinks, tokens, identity.publicUrl));
  app.use("/api/launches", launchRoutes(identity.launches));
  app.use("/smart", smartRoutes(identity.launches));
}
