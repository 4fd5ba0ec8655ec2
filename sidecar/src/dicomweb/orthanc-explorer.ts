import type { IncomingMessage, ServerResponse } from "node:http";
import type { TokenVerifier } from "../authorization/access-token.js";
import { authenticate, demand } from "../authorization/authenticate.js";
import { demandUnrestricted } from "../authorization/study-access.js";
import { sendProblem } from "../error-response.js";
import type { Logger } from "../log.js";

/** `/orthanc/`: Orthanc's own REST API, for administrators only; nginx's named location strips the prefix. */
export function orthancExplorer({ tokens, log }: { readonly tokens: TokenVerifier; readonly log: Logger }) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const principal = await authenticate(request, tokens);
      demand(principal, "administer-archive");
      demandUnrestricted(principal);
      response.writeHead(200, {
        "X-Accel-Redirect": "@orthanc_explorer",
        "Cache-Control": "private, no-store",
      });
      response.end();
    } catch (error) {
      sendProblem(response, error, log);
    }
  };
}
