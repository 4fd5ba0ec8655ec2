import type { Socket } from "node:net";
import { connect } from "../../src/adapters/mysql/connection.js";
// @ts-expect-error -- plain JavaScript with JSDoc types, checked by `tsc -p scripts`
import { createStoreCertificates } from "../../../scripts/compose/store-certificates.mjs";

/** As the first-run script of compose makes them. */
export const makeCertificates = createStoreCertificates as (directory: string) => string[];

/** However it is closed: a reset is as good as an end. */
export const closed = (socket: Socket): Promise<unknown> =>
  new Promise((resolve) => socket.once("close", resolve));

/** As the sidecar connects. @returns the cipher, among other things */
export async function queryDatabase(settings: { url: string; ca?: string }): Promise<unknown> {
  const sequelize = connect({ ...settings, poolSize: 1 });
  try {
    return await sequelize.query("SHOW STATUS LIKE 'Ssl_cipher'");
  } finally {
    await sequelize.close();
  }
}
