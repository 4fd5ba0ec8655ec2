import type { Device } from "fhir/r4.js";
import { DEMONSTRATION_NOTICE, SYSTEM } from "./system.js";

export interface ModelIdentity {
  readonly name: string;
  readonly version: string;
  readonly title: string;
}

/** The model that made a result, one Device for each of its versions. */
export function deviceOf({ name, version, title }: ModelIdentity): Device {
  return {
    resourceType: "Device",
    // the manifest's name and version
    identifier: [{ system: SYSTEM.model, value: `${name}/${version}` }],
    status: "active",
    // the manifest's title
    deviceName: [{ name: title, type: "model-name" }],
    type: { text: "Image analysis software" },
    // the manifest's version
    version: [{ value: version }],
    note: [{ text: DEMONSTRATION_NOTICE }],
  };
}
