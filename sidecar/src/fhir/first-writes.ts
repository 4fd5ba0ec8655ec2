import type { FhirServer } from "./fhir-server.js";
import type { Transaction } from "./transaction.js";

/**
 * Writes what belongs to nobody (a Practitioner, the model's Device, the Endpoint) alone and one after the other before
 * this process writes it together with others: a conditional update that two make at the same time can become two
 * resources, and then neither is found any more (FHIR R4 3.1.0.4.3). What belongs to a patient is in order anyway.
 */
export class FirstWrites {
  private readonly known = new Set<string>();
  private turn: Promise<void> = Promise.resolve();

  constructor(private readonly server: FhirServer) {}

  async ensure(transaction: Transaction, signal?: AbortSignal): Promise<void> {
    if (transaction.shared(this.known).length === 0) return;
    const before = this.turn;
    this.turn = (async () => {
      await before.catch(() => undefined);
      const entry = transaction.shared(this.known);
      if (entry.length === 0) return;
      await this.server.transaction({ resourceType: "Bundle", type: "transaction", entry }, signal);
      for (const { request } of entry) if (request !== undefined) this.known.add(request.url);
    })();
    await this.turn;
  }
}
