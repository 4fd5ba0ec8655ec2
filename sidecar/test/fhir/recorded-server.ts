import type { Bundle, BundleEntry, FhirResource } from "fhir/r4.js";
import { FhirHttp } from "../../src/adapters/fhir/fhir-http.js";
import { waitUntil } from "./fhir-servers.js";
import type { FhirServer } from "../../src/fhir/fhir-server.js";

/** A resource as it was sent, with its references resolved, and as the server has it. */
export interface WrittenResource {
  readonly sent: FhirResource;
  readonly held: FhirResource;
}

/** A FHIR server by the adapter that delivery uses; keeps what the last transaction sent and where it was written. */
export class RecordedServer implements FhirServer {
  private sent: Bundle | undefined;
  private answer: Bundle | undefined;
  private readonly http: FhirHttp;

  constructor(readonly url: string) {
    this.http = new FhirHttp(url, 60_000);
  }

  async transaction(bundle: Bundle, signal?: AbortSignal): Promise<Bundle> {
    this.answer = await this.http.transaction(bundle, signal);
    this.sent = bundle;
    return this.answer;
  }

  read(resourceType: string, id: string) {
    return this.http.read(resourceType, id);
  }

  search(resourceType: string, parameters: Readonly<Record<string, string>>) {
    return this.http.search(resourceType, parameters);
  }

  /** Waits until the server has a resource that is as wanted; there is nothing else that tells of it. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller knows what it asked for
  async until<T extends FhirResource>(type: string, isWanted: (resource: T) => boolean): Promise<void> {
    const probe = async () => ((await this.search(type, {})) as T[]).some(isWanted);
    await waitUntil(probe, { description: `a ${type} as wanted`, deadlineSeconds: 90 });
  }

  /** Reads everything the last transaction wrote. */
  async lastWritten(): Promise<WrittenResource[]> {
    const entries = this.sent?.entry ?? [];
    const places = entries.map((_, index) => this.placeOf(index));
    const placeOf = new Map(entries.map(({ fullUrl }, index) => [fullUrl ?? "", places[index] ?? ""]));
    return Promise.all(
      entries.map(async (entry, index) => {
        const [type = "", id = ""] = (places[index] ?? "").split("/");
        const held = await this.read(type, id);
        if (held === null) throw new Error(`the server has no ${type} where it said it wrote it`);
        return { sent: resolved(entry, placeOf), held };
      }),
    );
  }

  /**
   * Asks the server whether the resource is valid by FHIR R4 itself: profiles that it claims are not in the server.
   * @returns undefined when the server has no such operation
   */
  async validate(resource: FhirResource): Promise<string[] | undefined> {
    const meta = { ...resource.meta };
    delete meta.profile;
    const response = await fetch(`${this.url}/${resource.resourceType}/$validate`, {
      method: "POST",
      headers: { "Content-Type": "application/fhir+json", Accept: "application/fhir+json" },
      body: JSON.stringify({ ...resource, meta }),
    });
    const outcome = (await response.json()) as {
      issue?: { severity: string; diagnostics?: string; expression?: string[] }[];
    };
    if (response.status === 404) return undefined;
    return (outcome.issue ?? [])
      .filter(({ severity }) => severity === "error" || severity === "fatal")
      .map(({ diagnostics, expression }) => `${expression?.join() ?? ""}: ${diagnostics ?? ""}`);
  }

  private placeOf(index: number): string {
    const location = this.answer?.entry?.[index]?.response?.location ?? "";
    const [place] = /[A-Z][A-Za-z]+\/[A-Za-z0-9.-]+/.exec(location) ?? [];
    if (place === undefined) throw new Error("the server did not say where it wrote an entry");
    return place;
  }
}

/** What the server adds of its own: its id, version and narrative. */
export function content(resource: FhirResource): Record<string, unknown> {
  const rest: Record<string, unknown> = { ...resource };
  for (const own of ["id", "meta", "text"]) Reflect.deleteProperty(rest, own);
  const { profile, tag } = resource.meta ?? {};
  return { ...rest, ...(profile === undefined ? {} : { profile }), ...(tag === undefined ? {} : { tag }) };
}

function resolved({ resource }: BundleEntry, placeOf: ReadonlyMap<string, string>): FhirResource {
  const text = JSON.stringify(resource, (key, value: unknown) =>
    key === "reference" && typeof value === "string" ? (placeOf.get(value) ?? value) : value,
  );
  return JSON.parse(text) as FhirResource;
}
