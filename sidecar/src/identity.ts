import { Accounts } from "./accounts/accounts.js";
import { AccessTokens } from "./authorization/access-token.js";
import { BearerTokens } from "./authorization/bearer-tokens.js";
import { ExternalTokens } from "./authorization/external-tokens.js";
import { Passwords } from "./authorization/passwords.js";
import { IDENTITIES, LABELS } from "./authorization/principal-directory.js";
import { RateLimitedTokens } from "./authorization/rate-limited-tokens.js";
import { Sessions } from "./authorization/sessions.js";
import { StudyAccess } from "./authorization/study-access.js";
import { BreakGlass } from "./break-glass/break-glass.js";
import type { Config } from "./config.js";
import type { Connections } from "./connections.js";
import { ApiKeys } from "./credentials/api-keys.js";
import { Clients } from "./credentials/clients.js";
import { TokenEndpoint } from "./credentials/token-endpoint.js";
import type { Logger } from "./log.js";
import { ShareLinks } from "./share-links/share-links.js";
import { LaunchTickets } from "./smart-launch/launch-ticket.js";
import { Launches } from "./smart-launch/launches.js";

/** Everything that says who somebody is and what they may, in the api role. */
export type IdentityParts = ReturnType<typeof startIdentity>;

export function startIdentity(config: Config, connections: Connections, log: Logger) {
  const { principals, onWake, announce } = connections;
  const changed = () => announce(new Set([IDENTITIES]));
  const signingKey = config.NEURONOVA_TOKEN_SIGNING_KEY ?? "";
  const ownTokens = new AccessTokens(signingKey, principals);
  const apiKeys = new ApiKeys(connections.apiKeys, changed);
  const external = new Map(
    config.NEURONOVA_IDENTITY_PROVIDERS.map((provider) => [
      provider.issuer,
      new ExternalTokens(provider, principals),
    ]),
  );
  const tokens = new RateLimitedTokens(
    new BearerTokens(ownTokens, apiKeys, external),
    config.NEURONOVA_REQUESTS_PER_MINUTE,
  );
  const access = new StudyAccess(connections.studyDirectory);
  onWake((topics) => {
    if (topics.has(IDENTITIES)) tokens.forgetIdentities();
    if (topics.has(LABELS)) access.forgetStudies();
  });
  const passwords = new Passwords();
  const publicUrl = config.NEURONOVA_PUBLIC_URL;
  return {
    tokens,
    access,
    sessions: new Sessions(connections.accounts, ownTokens, passwords, changed),
    accounts: new Accounts(connections.accounts, passwords, changed),
    apiKeys,
    clients: new Clients(connections.clients, changed),
    tokenEndpoint:
      publicUrl === undefined
        ? undefined
        : new TokenEndpoint(connections.clients, ownTokens, `${publicUrl}/api/oauth/token`),
    breakGlass: new BreakGlass({ store: connections.breakGlass, access, log, changed }),
    shareLinks: new ShareLinks({
      store: connections.shareLinks,
      creators: connections.linkCreators,
      access,
      tokens: ownTokens,
      changed,
    }),
    launches: new Launches({
      emrs: config.NEURONOVA_SMART_LAUNCH,
      servers: connections.smartServers,
      store: connections.launchedSessions,
      tickets: new LaunchTickets(signingKey),
      tokens: ownTokens,
      redirectUri: publicUrl === undefined ? undefined : `${publicUrl}/smart/callback`,
      changed,
    }),
    publicUrl,
    labelsChanged: () => announce(new Set([LABELS])),
  };
}
