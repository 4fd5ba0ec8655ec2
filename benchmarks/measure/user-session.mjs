import { setTimeout as pause } from "node:timers/promises";

/** @import { Stack } from "../../scripts/local-stack/start-stack.mjs" */
/** @typedef {(route: string, milliseconds: number) => void} Timed */
/** @typedef {{ accessToken: string, refreshToken: string, expiresInSeconds: number }} Tokens */

const JSON_BODY = { "Content-Type": "application/json" };
/** Share of a token's life after which the widgets renew it, too. */
const RENEW_AFTER = 0.8;

/** What the demo doctor asks, and how long each kind of question takes. Tokens are renewed as the widgets renew them. */
export class UserSession {
  /** @type {string} */
  #token = "";
  #refreshToken = "";
  #renewAt = 0;
  /** @type {Promise<void> | undefined} */
  #renewing;
  /** @type {string} */
  #address;
  /** @type {Timed} */
  #timed;

  /**
   * @param {Stack} stack
   * @param {Timed} timed
   */
  static async open({ address, secrets }, timed) {
    const session = new UserSession(address, timed);
    await session.#logIn({ username: "doctor", password: secrets.doctorPassword });
    return session;
  }

  /**
   * @param {string} address
   * @param {Timed} timed
   */
  constructor(address, timed) {
    this.#address = address;
    this.#timed = timed;
  }

  /** @returns {Promise<string>} one that is good for a while */
  async token() {
    if (performance.now() >= this.#renewAt) await (this.#renewing ??= this.#renew());
    return this.#token;
  }

  /** @param {string} route @param {string} path @param {string} accept @returns {Promise<any>} */
  async json(route, path, accept = "application/json") {
    return JSON.parse(String(await this.bytes(route, path, accept)));
  }

  /** @param {string} route @param {string} path @param {string} accept */
  async bytes(route, path, accept) {
    return this.#request(route, path, { headers: { ...(await this.#bearer()), Accept: accept } });
  }

  /** Somebody else may have decided first. @param {{ id: number, reportSopInstanceUid: string }} result */
  async accept({ id, reportSopInstanceUid }) {
    const headers = { ...(await this.#bearer()), ...JSON_BODY };
    const body = JSON.stringify({ decision: "accepted", reportSopInstanceUid });
    await this.#request("review", `/api/ai/results/${id}/review`, { method: "POST", headers, body }, [409]);
  }

  async #bearer() {
    return { Authorization: `Bearer ${await this.token()}` };
  }

  /** One that has to wait its turn is tried again when the answer says; the time counts. @param {object} credentials */
  async #logIn(credentials) {
    const body = JSON.stringify({ ...credentials, refreshTokenIn: "body" });
    const begin = performance.now();
    for (;;) {
      const init = { method: "POST", headers: JSON_BODY, body };
      const response = await fetch(`${this.#address}/api/auth/login`, init);
      const answer = Buffer.from(await response.arrayBuffer());
      if (response.status !== 429) {
        this.#timed("login", performance.now() - begin);
        return this.#take(answered("login", response, answer));
      }
      await pause(1_000 * Number(response.headers.get("Retry-After") ?? 1));
    }
  }

  async #renew() {
    const body = JSON.stringify({ refreshToken: this.#refreshToken });
    this.#take(
      await this.#request("token renewal", "/api/auth/refresh", { method: "POST", headers: JSON_BODY, body }),
    );
    this.#renewing = undefined;
  }

  /** @param {Buffer} answer */
  #take(answer) {
    const tokens = /** @type {Tokens} */ (JSON.parse(String(answer)));
    this.#token = tokens.accessToken;
    this.#refreshToken = tokens.refreshToken;
    this.#renewAt = performance.now() + tokens.expiresInSeconds * 1_000 * RENEW_AFTER;
  }

  /**
   * @param {string} route
   * @param {string} path
   * @param {RequestInit} init
   * @param {readonly number[]} [fine] statuses beside 2xx
   */
  async #request(route, path, init, fine = []) {
    const begin = performance.now();
    const response = await fetch(this.#address + path, init);
    const body = Buffer.from(await response.arrayBuffer());
    this.#timed(route, performance.now() - begin);
    return answered(route, response, body, fine);
  }
}

/**
 * @param {string} route
 * @param {Response} response
 * @param {Buffer} body
 * @param {readonly number[]} [fine] statuses beside 2xx
 */
function answered(route, { ok, status }, body, fine = []) {
  if (ok || fine.includes(status)) return body;
  throw new Error(`${route} answered ${status}: ${body.toString("utf8", 0, 300)}`);
}
