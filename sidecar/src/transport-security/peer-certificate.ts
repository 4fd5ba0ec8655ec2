import { TLSSocket } from "node:tls";

/**
 * Until when the certificate of who is at the other end is valid.
 * @returns null where the connection is not by TLS
 */
export function validUntil(stream: unknown): Date | null {
  return stream instanceof TLSSocket ? new Date(stream.getPeerCertificate().valid_to) : null;
}
