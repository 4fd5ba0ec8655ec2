/** Why a server was not spoken to, by the code of Node or of mysql2, or by what OpenSSL says where mysql2 has replaced the code. */
const FAULTS: readonly (readonly [sentence: string, codes: RegExp, messages: RegExp])[] = [
  [
    "its certificate is for another host name",
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    /does not match certificate's altnames/,
  ],
  ["its certificate has expired", /^CERT_HAS_EXPIRED$/, /certificate has expired/],
  ["its certificate is not valid yet", /^CERT_NOT_YET_VALID$/, /certificate is not yet valid/],
  [
    "its certificate is of no authority that is trusted here",
    /^(?:SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER_CERT(?:_LOCALLY)?|UNABLE_TO_VERIFY_LEAF_SIGNATURE|CERT_SIGNATURE_FAILURE|CERT_UNTRUSTED|INVALID_CA)$/,
    /self.signed certificate|unable to (?:verify the first|get (?:local )?issuer) certificate|certificate signature failure/,
  ],
  [
    "it does not speak TLS, which is demanded",
    /^(?:HANDSHAKE_NO_SSL_SUPPORT|ERR_SSL_WRONG_VERSION_NUMBER)$/,
    /wrong version number/,
  ],
  ["the TLS handshake failed", /^(?:HANDSHAKE_SSL_ERROR|EPROTO|ERR_SSL_.*|ERR_TLS_.*)$/, /(?!)/],
];

/** Errors of drivers are wrapped once or twice. */
const DEEPEST = 4;

/**
 * Whether a connection came to nothing because of TLS, and why, in words that name no host.
 * @returns undefined for every other error
 */
export function tlsFault(error: unknown): string | undefined {
  let each = error;
  for (let depth = 0; depth < DEEPEST && each instanceof Error; depth += 1) {
    const { code, message, original, cause } = each as Error & { code?: unknown; original?: unknown };
    const known = FAULTS.find(
      ([, codes, messages]) => (typeof code === "string" && codes.test(code)) || messages.test(message),
    );
    if (known !== undefined) return known[0];
    each = original ?? cause;
  }
  return undefined;
}
