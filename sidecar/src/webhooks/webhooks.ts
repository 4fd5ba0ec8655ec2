import { parseBody } from "../authorization/parse-body.js";
import { ApiError } from "../error-response.js";
import { AddressRefused, type AddressGuard } from "./address-guard.js";
import { newSecret } from "./signature.js";
import { newWebhook, rotation, webhookPatch, type Webhook } from "./webhook.js";
import type { DeliveryLogEntry, WebhookStore } from "./webhook-store.js";

/** What administrators do to webhooks, by the REST API and by command. */
export class Webhooks {
  constructor(
    private readonly store: WebhookStore,
    private readonly guard: AddressGuard,
  ) {}

  /**
   * @returns the webhook with its secret, which is shown this once
   * @throws ApiError 400
   */
  async create(createdBy: string, body: unknown): Promise<Webhook & { readonly secret: string }> {
    const details = parseBody(newWebhook, body);
    this.demandAddress(details.url);
    const secret = newSecret();
    const id = await this.store.add(details, secret, createdBy);
    return { ...(await this.get(id)), secret };
  }

  list(): Promise<Webhook[]> {
    return this.store.list();
  }

  /** @throws ApiError 404 `no-such-webhook` */
  async get(id: number): Promise<Webhook> {
    const webhook = await this.store.get(id);
    if (webhook === null) throw noSuchWebhook();
    return webhook;
  }

  /** @throws ApiError 400, 404 */
  async change(id: number, body: unknown): Promise<Webhook> {
    const patch = parseBody(webhookPatch, body);
    if (patch.url !== undefined) this.demandAddress(patch.url);
    await this.get(id);
    await this.store.change(id, patch);
    return this.get(id);
  }

  /** @throws ApiError 404 */
  async remove(id: number): Promise<void> {
    if (!(await this.store.remove(id))) throw noSuchWebhook();
  }

  /**
   * @returns the new secret, which is shown this once; the former one stays good for the overlap
   * @throws ApiError 400, 404
   */
  async rotate(id: number, body: unknown): Promise<{ readonly secret: string; readonly formerUntil: Date }> {
    const { overlapHours } = parseBody(rotation, body ?? {});
    const secret = newSecret();
    const formerUntil = Date.now() + overlapHours * 3_600_000;
    if (!(await this.store.rotate(id, secret, formerUntil))) throw noSuchWebhook();
    return { secret, formerUntil: new Date(formerUntil) };
  }

  /** @throws ApiError 404 */
  async ping(id: number): Promise<void> {
    if (!(await this.store.ping(id))) throw noSuchWebhook();
  }

  /** @throws ApiError 404 */
  async deliveries(
    id: number,
    state: string | undefined,
    before: number,
    limit: number,
  ): Promise<DeliveryLogEntry[]> {
    await this.get(id);
    return this.store.deliveries(id, state, before, limit);
  }

  /** @throws ApiError 404 `no-such-delivery` */
  async redeliver(id: number, delivery: number): Promise<void> {
    if (!(await this.store.redeliver(id, delivery)))
      throw new ApiError(404, "no-such-delivery", "There is no such delivery, or it still waits.");
  }

  /** @throws ApiError 404 */
  async redeliverFailed(id: number): Promise<number> {
    await this.get(id);
    return this.store.redeliverFailed(id);
  }

  private demandAddress(url: string): void {
    try {
      this.guard.check(new URL(url));
    } catch (error) {
      if (!(error instanceof AddressRefused)) throw error;
      throw new ApiError(400, "webhook-address-refused", `The address is refused: ${error.message}.`);
    }
  }
}

function noSuchWebhook(): ApiError {
  return new ApiError(404, "no-such-webhook", "There is no such webhook.");
}
