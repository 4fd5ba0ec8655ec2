import type { Destination, Subject } from "../outbox/destination.js";
import type { AuditDestination } from "./audit-destination.js";
import type { FhirDestination, SubjectKind } from "./fhir-destination.js";

/** The FHIR server as a destination of the outbox: rows of the audit trail one message at a time, all else together. */
export function deliveryToFhir(
  subjects: FhirDestination,
  auditTrail: AuditDestination,
  ping: () => Promise<void>,
): Destination {
  return {
    name: "fhir",
    grouped: (kind) => kind !== "audit",
    async write(wanted, signal) {
      const [first] = wanted;
      if (first?.kind !== "audit") return subjects.write(wanted.filter(isSubject), signal);
      await auditTrail.write(first.subject, signal);
      return { resources: [], studyInstanceUids: [null] };
    },
    studyInstanceUid: async (wanted) =>
      isSubject(wanted) ? subjects.studyInstanceUid(wanted.kind, wanted.subject) : null,
    ping,
  };
}

function isSubject(subject: Subject): subject is Subject & { readonly kind: SubjectKind } {
  return subject.kind !== "audit" && subject.kind !== "event";
}
