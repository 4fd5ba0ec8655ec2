import { rootCertificates } from "node:tls";
import { describe, expect, test } from "vitest";
import { STORE_SETTINGS, databaseSpeaksTls, redisSpeaksTls, storeProblems } from "./store-settings.js";

const [CERTIFICATE = ""] = rootCertificates;
const DATABASE = "mysql://neuronova@db:3306/neuronova";
const REDIS = "redis://redis:6379/0";

const faultOf = (name: keyof typeof STORE_SETTINGS, value: string) =>
  STORE_SETTINGS[name].schema.safeParse(value).error?.issues[0]?.message;

describe("the database's URL", () => {
  test("asks for TLS by ssl-mode, and only by the mode that knows the server", () => {
    const secure = `${DATABASE}?ssl-mode=VERIFY_IDENTITY`;
    expect(faultOf("NEURONOVA_DATABASE_URL", secure)).toBeUndefined();
    expect([databaseSpeaksTls(secure), databaseSpeaksTls(DATABASE)]).toEqual([true, false]);
    for (const mode of ["REQUIRED", "PREFERRED", "VERIFY_CA", "verify_identity", ""])
      expect(faultOf("NEURONOVA_DATABASE_URL", `${DATABASE}?ssl-mode=${mode}`)).toMatch(/^ssl-mode must be/);
  });

  test("has no parameter that is misspelt, which would be a plain connection", () => {
    for (const parameter of ["sslmode=VERIFY_IDENTITY", "ssl=true", "tls=1"])
      expect(faultOf("NEURONOVA_DATABASE_URL", `${DATABASE}?${parameter}`)).toMatch(/no parameters but/);
    expect(faultOf("NEURONOVA_DATABASE_URL", `${DATABASE}?socketPath=%2Frun%2Fdb.sock`)).toBeUndefined();
  });

  test("names a host where TLS is asked for: the driver checks no certificate for an address", () => {
    for (const place of ["10.0.0.1:3306", "[::1]"])
      expect(
        faultOf("NEURONOVA_DATABASE_URL", `mysql://n@${place}/neuronova?ssl-mode=VERIFY_IDENTITY`),
      ).toMatch(/needs a host name/);
    expect(
      faultOf("NEURONOVA_DATABASE_URL", `${DATABASE}?ssl-mode=VERIFY_IDENTITY&socketPath=%2Frun%2Fdb.sock`),
    ).toMatch(/needs a host name/);
  });
});

test("certificates are one or more in PEM; a key beside them is refused", () => {
  for (const name of ["NEURONOVA_DATABASE_CA", "NEURONOVA_REDIS_CA"] as const) {
    expect(faultOf(name, `${CERTIFICATE}\n${CERTIFICATE}`)).toBeUndefined();
    for (const wrong of ["/run/secrets/store-ca", CERTIFICATE.replace("MII", "XXX")])
      expect(faultOf(name, wrong)).toMatch(/certificates in PEM/);
    const key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----";
    expect(faultOf(name, `${CERTIFICATE}\n${key}`)).toMatch(/no key/);
  }
});

test("certificates without TLS in the URL are a problem, as somebody meant it to be there", () => {
  const plain = { NEURONOVA_DATABASE_URL: DATABASE, NEURONOVA_REDIS_URL: REDIS };
  expect(storeProblems(plain)).toEqual([]);
  const given = { NEURONOVA_DATABASE_CA: CERTIFICATE, NEURONOVA_REDIS_CA: CERTIFICATE };
  expect(storeProblems({ ...plain, ...given })).toEqual([
    "NEURONOVA_DATABASE_CA is set and NEURONOVA_DATABASE_URL asks for no TLS: ?ssl-mode=VERIFY_IDENTITY",
    "NEURONOVA_REDIS_CA is set and NEURONOVA_REDIS_URL asks for no TLS: rediss://",
  ]);
  const secure = {
    NEURONOVA_DATABASE_URL: `${DATABASE}?ssl-mode=VERIFY_IDENTITY`,
    NEURONOVA_REDIS_URL: "rediss+sentinel://images/0?sentinel=10.0.0.1",
  };
  expect(storeProblems({ ...secure, ...given })).toEqual([]);
  const addresses = ["rediss://r", "REDISS://r", "redis://r", "unix:///s"];
  expect(addresses.map(redisSpeaksTls)).toEqual([true, true, false, false]);
});
