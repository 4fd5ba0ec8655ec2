import type { Endpoint } from "fhir/r4.js";
import { SYSTEM } from "./system.js";

/**
 * Where the images are retrieved: WADO-RS (PS3.18 10.4), with a token of this site.
 * @param publicUrl address of nginx, without a slash at the end
 */
export function endpointOf(publicUrl: string): Endpoint {
  const address = `${publicUrl}/dicom-web`;
  return {
    resourceType: "Endpoint",
    // NEURONOVA_PUBLIC_URL
    identifier: [{ system: SYSTEM.endpoint, value: address }],
    status: "active",
    connectionType: { system: SYSTEM.endpointConnection, code: "dicom-wado-rs" },
    name: "NeuroNova DICOMweb",
    payloadType: [{ text: "DICOM" }],
    payloadMimeType: ["application/dicom"],
    address,
  };
}
