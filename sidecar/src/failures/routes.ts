import { Router } from "express";
import { principalOf } from "../authorization/allow.js";
import { isUnrestricted, type Principal } from "../authorization/principal.js";
import type { StudyAccess } from "../authorization/study-access.js";
import type { Catalogue, Failure } from "../studies/catalogue.js";
import { noSuchFailure, retryFailure, type RetryDependencies } from "./retry.js";

const MOST = 1_000;

export interface FailureRoutesDependencies extends RetryDependencies {
  readonly catalogue: Catalogue;
  readonly access: StudyAccess;
}

/**
 * `/api/failures`: work that ended in "failed", with its reason, to be found and retried by an administrator. Who
 * reaches only some studies sees the failures of those.
 */
export function failureRoutes(dependencies: FailureRoutesDependencies): Router {
  const router = Router();
  router.get("/", async (_request, response) => {
    response.json({ failures: await visibleFailures(principalOf(response), dependencies) });
  });
  router.post("/:kind/:id/retry", async (request, response) => {
    const { kind, id } = request.params;
    const principal = principalOf(response);
    if (!isUnrestricted(principal)) {
      const visible = await visibleFailures(principal, dependencies);
      if (!visible.some((failure) => failure.kind === kind && failure.id === id)) throw noSuchFailure();
    }
    await retryFailure(kind, id, dependencies);
    response.status(202).json({ accepted: true });
  });
  return router;
}

async function visibleFailures(
  principal: Principal,
  { catalogue, access }: FailureRoutesDependencies,
): Promise<Failure[]> {
  const failures = await catalogue.failures(MOST);
  if (isUnrestricted(principal)) return failures;
  const visible = await Promise.all(
    failures.map(({ studyInstanceUid }) => access.mayView(principal, studyInstanceUid)),
  );
  return failures.filter((_failure, index) => visible[index]);
}
