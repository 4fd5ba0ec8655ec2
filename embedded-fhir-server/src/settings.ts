/** The settings of this process. */
export interface Settings {
  /** 0 lets the system choose. */
  readonly listenPort: number;
  /** Where the journal lies; made when missing. */
  readonly dataDirectory: string;
}

/**
 * @throws Error naming the setting and what is wrong with it
 */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const port = environment["FHIR_LISTEN_PORT"] ?? "0";
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new Error(`FHIR_LISTEN_PORT must be a port number such as 8103, but is "${port}"`);
  }
  const dataDirectory = environment["FHIR_DATA_DIRECTORY"];
  if (dataDirectory === undefined || dataDirectory === "") {
    throw new Error(
      "FHIR_DATA_DIRECTORY is missing: the folder that keeps the resources, such as /var/lib/fhir",
    );
  }
  return { listenPort: Number(port), dataDirectory };
}
