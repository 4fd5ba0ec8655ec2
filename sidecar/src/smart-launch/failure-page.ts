import type { ErrorRequestHandler, Request } from "express";
import { auditRefusals } from "../audit/audit-api.js";
import { problemOf } from "../error-response.js";

/**
 * A launch that fails ends on a page, in a browser: with the code, in the reader's language by the element, in English
 * where no script runs. Programs get the problem itself from the error boundary.
 */
export const failurePage: ErrorRequestHandler = (error: unknown, request, response, next) => {
  if (!isNavigation(request) || response.headersSent) {
    next(error);
    return;
  }
  void auditRefusals(error, request, response, (unwritten) => {
    const { status, code, detail } = problemOf(unwritten);
    if (status >= 500 && code === "internal-error") {
      next(unwritten);
      return;
    }
    response.setHeader("Cache-Control", "no-store");
    response.status(status).type("html").send(page(code, detail));
  });
};

function isNavigation(request: Request): boolean {
  return (request.headers.accept ?? "").includes("text/html");
}

/** Codes are of a fixed list and details are sentences of this program: neither holds anything that came from outside. */
function page(code: string, detail: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>NeuroNova</title>
    <link rel="icon" href="data:," />
    <script type="module" src="/widgets/launch-failure.js"></script>
  </head>
  <body>
    <neuronova-launch-failure code="${code}"><p>${detail}</p><p><code>${code}</code></p></neuronova-launch-failure>
  </body>
</html>
`;
}
