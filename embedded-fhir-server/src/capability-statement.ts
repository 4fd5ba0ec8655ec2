import type { CapabilityStatement, CapabilityStatementRestResource } from "@medplum/fhirtypes";

const INTERACTIONS = [
  "read",
  "vread",
  "history-instance",
  "create",
  "update",
  "patch",
  "delete",
  "search-type",
] as const;

/**
 * What this server can do (https://hl7.org/fhir/R4/capabilitystatement.html).
 *
 * @param resourceTypes those with a definition
 * @param base address of the server, such as http://127.0.0.1:8103/fhir/R4
 */
export function capabilityStatement(resourceTypes: readonly string[], base: string): CapabilityStatement {
  return {
    resourceType: "CapabilityStatement",
    status: "active",
    date: new Date().toISOString(),
    kind: "instance",
    software: { name: "NeuroNova embedded FHIR server" },
    implementation: { description: "Embedded FHIR R4 server of a local stack", url: base },
    fhirVersion: "4.0.1",
    format: ["application/fhir+json"],
    patchFormat: ["application/json-patch+json"],
    rest: [
      {
        mode: "server",
        interaction: [{ code: "transaction" }, { code: "batch" }],
        resource: resourceTypes.map((type): CapabilityStatementRestResource => ({
          type: type as NonNullable<CapabilityStatementRestResource["type"]>,
          interaction: INTERACTIONS.map((code) => ({ code })),
          versioning: "versioned",
          readHistory: true,
          updateCreate: true,
          conditionalCreate: true,
          conditionalUpdate: true,
          conditionalDelete: "single",
        })),
      },
    ],
  };
}
