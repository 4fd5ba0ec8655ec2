import type { Bundle, FhirResource } from "fhir/r4.js";
import { z } from "zod";
import { FhirError } from "../../fhir/fhir-server.js";

/** No more than what is read of an answer: servers differ in the rest. */
const resource = z.looseObject({
  resourceType: z.string(),
  identifier: z.array(z.looseObject({})).optional(),
  meta: z.looseObject({}).optional(),
});
const entries = z.array(
  z.looseObject({ resource: resource.optional(), response: z.looseObject({}).optional() }),
);
const bundle = z.looseObject({ resourceType: z.literal("Bundle"), entry: entries.optional() });

/** @throws FhirError `fhir-fault` for an answer that is no Bundle */
export function asBundle(answer: unknown): Bundle {
  return shaped(bundle, answer) as Bundle;
}

/** @throws FhirError `fhir-fault` for an answer that is no resource */
export function asResource(answer: unknown): FhirResource {
  return shaped(resource, answer) as FhirResource;
}

/** What a proxy, or a server that is unwell, answers with 200 is as good as no answer: the same is asked again. */
function shaped(schema: z.ZodType, answer: unknown): unknown {
  if (schema.safeParse(answer).success) return answer;
  throw new FhirError("fhir-fault", true, "the FHIR server's answer cannot be read: it is of another shape");
}
