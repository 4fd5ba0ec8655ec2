import { ConnectionError } from "sequelize";
import { expect, test } from "vitest";
import { StateUnavailable } from "../state/state-error.js";
import { tlsFault } from "./tls-fault.js";

const fault = (message: string, code: string) => Object.assign(new Error(message), { code });

test.each([
  ["SELF_SIGNED_CERT_IN_CHAIN", "self-signed certificate in certificate chain", /no authority/],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "unable to verify the first certificate", /no authority/],
  ["CERT_HAS_EXPIRED", "certificate has expired", /has expired/],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "Hostname/IP does not match certificate's altnames: x", /host name/],
])("%s is told in words, also where mysql2 has put its own code in its place", (code, message, words) => {
  expect(tlsFault(fault(message, code))).toMatch(words);
  expect(tlsFault(fault(message, "HANDSHAKE_SSL_ERROR"))).toMatch(words);
});

test("is found below what drivers and we wrap it in", () => {
  const own = new StateUnavailable("the database does not answer", {
    cause: new ConnectionError(fault("certificate has expired", "HANDSHAKE_SSL_ERROR")),
  });
  expect(tlsFault(own)).toBe("its certificate has expired");
});

test("a handshake that fails for another reason is one, a server that is away is none", () => {
  expect(tlsFault(fault("alert number 40", "HANDSHAKE_SSL_ERROR"))).toBe("the TLS handshake failed");
  expect(tlsFault(fault("Server does not support secure connection", "HANDSHAKE_NO_SSL_SUPPORT"))).toMatch(
    /does not speak TLS/,
  );
  expect(tlsFault(fault("connect ECONNREFUSED", "ECONNREFUSED"))).toBeUndefined();
  expect(tlsFault("thrown")).toBeUndefined();
});
