import type { IncomingMessage, ServerResponse } from "node:http";
import type { Access } from "../audit/access.js";
import { refusalOf, unrecorded } from "../audit/refusal.js";
import type { TrustedProxies } from "../audit/source.js";
import type { TokenVerifier } from "../authorization/access-token.js";
import { authenticate, demand } from "../authorization/authenticate.js";
import type { Principal } from "../authorization/principal.js";
import { demandUnrestricted } from "../authorization/study-access.js";
import { sendProblem } from "../error-response.js";
import type { Logger } from "../log.js";
import { recordArchiveAccess, type ArchiveAccessDependencies } from "./archive-access.js";

export interface OrthancExplorerDependencies extends ArchiveAccessDependencies {
  readonly tokens: TokenVerifier;
  readonly proxies: TrustedProxies;
  readonly log: Logger;
}

/** `/orthanc/`: Orthanc's own REST API, for administrators only; nginx's named location strips the prefix. */
export function orthancExplorer({ tokens, log, trail, proxies, resources }: OrthancExplorerDependencies) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let principal: Principal | undefined;
    let recorded = false;
    const tell = (end: Partial<Pick<Access, "outcome" | "reason">>) =>
      recordArchiveAccess(principal, proxies.sourceOf(request), request, end, { trail, resources });
    try {
      principal = await authenticate(request, tokens);
      demand(principal, "administer-archive");
      demandUnrestricted(principal);
      recorded = true;
      await tell({});
      response.writeHead(200, {
        "X-Accel-Redirect": "@orthanc_explorer",
        "Cache-Control": "private, no-store",
      });
      response.end();
    } catch (error) {
      const unwritten = recorded ? undefined : await unrecorded(() => tell(refusalOf(error)));
      sendProblem(response, unwritten ?? error, log);
    }
  };
}
