import type { ServerResponse } from "node:http";

/**
 * Writes, and waits while the client has not taken what was written before.
 * @returns false when the client has gone
 */
export async function writePiece(response: ServerResponse, piece: Uint8Array | string): Promise<boolean> {
  if (response.destroyed) return false;
  if (response.write(piece)) return true;
  await new Promise<void>((resolve) => {
    const go = () => {
      response.off("drain", go);
      response.off("close", go);
      resolve();
    };
    response.on("drain", go);
    response.on("close", go);
  });
  return !response.destroyed;
}
