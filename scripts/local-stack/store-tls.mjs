import { join } from "node:path";
import { STORE_TLS, createStoreCertificates } from "../compose/store-certificates.mjs";

/**
 * A server of the stack by TLS too, beside its Unix socket.
 *
 * @typedef {object} ServerTls
 * @property {number} port  on loopback, of TLS alone
 * @property {string} certificate a path, as the others
 * @property {string} key
 * @property {string} ca
 */

/**
 * Certificates as `compose.yaml` has them, in the secrets of the stack.
 *
 * @param {import("./stack-directory.mjs").StackDirectory} layout
 * @param {{ redis: number, mariadb: number }} ports
 * @returns {{ redis: ServerTls, mariadb: ServerTls }}
 */
export function storeTls({ secrets }, ports) {
  createStoreCertificates(secrets);
  const path = (/** @type {keyof typeof STORE_TLS} */ name) => join(secrets, STORE_TLS[name]);
  const ca = path("ca");
  return {
    redis: { port: ports.redis, certificate: path("redisCertificate"), key: path("redisKey"), ca },
    mariadb: { port: ports.mariadb, certificate: path("mysqlCertificate"), key: path("mysqlKey"), ca },
  };
}

/**
 * How a sidecar reaches both; the database's URL has a password and goes by file.
 *
 * @param {ReturnType<typeof storeTls>} tls
 * @returns {Record<string, string>}
 */
export function storeTlsSettings({ redis, mariadb }) {
  return {
    NEURONOVA_REDIS_URL: `rediss://localhost:${redis.port}/0`,
    NEURONOVA_REDIS_CA_FILE: redis.ca,
    NEURONOVA_DATABASE_CA_FILE: mariadb.ca,
  };
}
