import { parseBody } from "../authorization/parse-body.js";
import type { Permission } from "../authorization/permissions.js";
import type { ApiKeyStore } from "../credentials/api-key-store.js";
import { ApiError } from "../error-response.js";
import { newSecret } from "../webhooks/signature.js";
import { rotation } from "../webhooks/webhook.js";
import { hookSourcePatch, newHookSource, permissionsFor, type HookSource } from "./hook-source.js";
import type { HookMessage, HookMessageStore, HookSourceStore, HookState } from "./hook-store.js";

/** Who registers: nobody gives a source what they do not have. */
export interface Registrar {
  readonly subject: string;
  /** @throws ApiError 403 */
  demandAll(permissions: readonly Permission[]): void;
}

/** What administrators do to sources of hooks, by the REST API and by command. */
export class HookSources {
  constructor(
    private readonly sources: HookSourceStore,
    private readonly messages: HookMessageStore,
    private readonly keys: Pick<ApiKeyStore, "list">,
    private readonly wake: () => void,
  ) {}

  list(): Promise<HookSource[]> {
    return this.sources.list();
  }

  /** @throws ApiError 404 `no-such-hook-source` */
  async get(name: string): Promise<HookSource> {
    const source = await this.sources.get(name);
    if (source === null) throw noSuchSource();
    return source;
  }

  /**
   * @returns the source with its secret, which is shown this once
   * @throws ApiError 400; 403; 409 `hook-source-taken`
   */
  async create(registrar: Registrar, body: unknown): Promise<HookSource & { readonly secret: string }> {
    const details = parseBody(newHookSource, body);
    const permissions = details.permissions ?? permissionsFor(details.types);
    registrar.demandAll(permissions);
    await this.demandKeys(details.apiKeys);
    const secret = newSecret();
    if (!(await this.sources.add({ ...details, permissions }, secret, registrar.subject)))
      throw new ApiError(409, "hook-source-taken", "There is a source of this name.");
    return { ...(await this.get(details.name)), secret };
  }

  /** @throws ApiError 400, 403, 404 */
  async change(registrar: Registrar, name: string, body: unknown): Promise<HookSource> {
    const patch = parseBody(hookSourcePatch, body);
    registrar.demandAll(patch.permissions ?? []);
    const current = await this.get(name);
    // Those it has already may have ended meanwhile.
    await this.demandKeys((patch.apiKeys ?? []).filter((id) => !current.apiKeys.includes(id)));
    await this.sources.change(name, patch);
    return this.get(name);
  }

  /** @throws ApiError 404 */
  async remove(name: string): Promise<void> {
    if (!(await this.sources.remove(name))) throw noSuchSource();
  }

  /**
   * @returns the new secret, which is shown this once; the former one stays good for the overlap
   * @throws ApiError 400, 404
   */
  async rotate(
    name: string,
    body: unknown,
  ): Promise<{ readonly secret: string; readonly formerUntil: Date }> {
    const { overlapHours } = parseBody(rotation, body ?? {});
    const secret = newSecret();
    const formerUntil = Date.now() + overlapHours * 3_600_000;
    if (!(await this.sources.rotate(name, secret, formerUntil))) throw noSuchSource();
    return { secret, formerUntil: new Date(formerUntil) };
  }

  /** @throws ApiError 404 */
  async messagesOf(
    name: string,
    state: HookState | undefined,
    before: number,
    limit: number,
  ): Promise<HookMessage[]> {
    await this.get(name);
    return this.messages.list(name, state, before, limit);
  }

  /** @throws ApiError 404 `no-such-hook-message` */
  async replay(name: string, id: number): Promise<void> {
    if (!(await this.messages.replay(name, id)))
      throw new ApiError(404, "no-such-hook-message", "There is no such message that failed.");
    this.wake();
  }

  /** @throws ApiError 400 for a number that is of no API key in force: a key made later could get it */
  private async demandKeys(ids: readonly number[]): Promise<void> {
    if (ids.length === 0) return;
    const now = new Date();
    const inForce = (await this.keys.list()).filter(
      ({ revokedAt, expiresAt }) => !revokedAt && expiresAt > now,
    );
    const unknown = ids.filter((id) => inForce.every((key) => key.id !== id));
    if (unknown.length === 0) return;
    const text = `apiKeys: no API key in force: ${unknown.join(", ")}`;
    throw new ApiError(400, "request-malformed", text);
  }
}

function noSuchSource(): ApiError {
  return new ApiError(404, "no-such-hook-source", "There is no such source.");
}
