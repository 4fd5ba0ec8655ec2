import { SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { AccessTokens } from "./access-token.js";
import { permissionsOf } from "./permissions.js";
import type { PrincipalDirectory, TokenSubject } from "./principal-directory.js";

const KEY = "a key of at least thirty-two characters";
const encoder = new TextEncoder();
const session = { subject: "account:7", version: 3, sessionId: "family" };

/** Knows account 7, in version 3. */
class Directory implements PrincipalDirectory {
  asked = 0;
  version = 3;
  identity({ subject, version }: TokenSubject) {
    this.asked += 1;
    return Promise.resolve(
      subject !== "account:7" || version !== this.version
        ? null
        : {
            subject,
            kind: "account" as const,
            displayName: "Doctor",
            role: "doctor" as const,
            permissions: permissionsOf("doctor"),
            labels: ["*"],
            patient: null,
            studyInstanceUids: null,
            grants: [],
          },
    );
  }
  grantsOf() {
    return Promise.resolve([]);
  }
}

const tokens = new AccessTokens(KEY, new Directory());

function forge(
  change: { header?: object; claims?: object; key?: string; expires?: string; notBefore?: string } = {},
): Promise<string> {
  return new SignJWT({
    ver: 3,
    jti: "1",
    iss: "neuronova",
    aud: "neuronova",
    sub: "account:7",
    ...change.claims,
  })
    .setProtectedHeader({ alg: "HS256", typ: "at+jwt", ...change.header })
    .setIssuedAt()
    .setNotBefore(change.notBefore ?? "0s")
    .setExpirationTime(change.expires ?? "5m")
    .sign(encoder.encode(change.key ?? KEY));
}

describe("an access token", () => {
  test("says who the request is from, the second time too", async () => {
    const doctor = { subject: "account:7", role: "doctor", labels: ["*"] };
    const token = await tokens.sign(session);
    expect(await tokens.verify(token)).toMatchObject(doctor);
    expect(await tokens.verify(token)).toMatchObject(doctor);
    expect(await tokens.verify(await forge())).toMatchObject(doctor);
  });

  test("may be signed for fewer permissions than its subject has, never for more", async () => {
    const token = await tokens.sign({ ...session, scope: ["view", "admin-permissions"] });
    expect([...(await tokens.verify(token)).permissions]).toEqual(["view"]);
  });

  test("asks the database who it is of once, until something is announced to have changed", async () => {
    const directory = new Directory();
    const own = new AccessTokens(KEY, directory);
    const token = await own.sign(session);
    await Promise.all([own.verify(token), own.verify(token)]);
    await own.verify(token);
    expect(directory.asked).toBeLessThanOrEqual(2);
    const before = directory.asked;
    await own.verify(token);
    expect(directory.asked).toBe(before);
    directory.version = 4;
    own.forgetIdentities();
    await expect(own.verify(token)).rejects.toMatchObject({ status: 401, code: "token-invalid" });
    await expect(own.verify(token)).rejects.toMatchObject({ status: 401, code: "token-invalid" });
    expect(directory.asked).toBe(before + 1);
  });

  test.each<[string, () => Promise<string>, string]>([
    [
      "signed with another key",
      () => forge({ key: "another key of thirty-two characters!" }),
      "token-invalid",
    ],
    ["of another audience", () => forge({ claims: { aud: "somebody-else" } }), "token-invalid"],
    ["of another issuer", () => forge({ claims: { iss: "somebody-else" } }), "token-invalid"],
    ["of another type", () => forge({ header: { typ: "JWT" } }), "token-invalid"],
    ["of an account's earlier version", () => forge({ claims: { ver: 2 } }), "token-invalid"],
    ["of somebody who does not exist", () => forge({ claims: { sub: "account:8" } }), "token-invalid"],
    ["that has expired", () => forge({ expires: "-1s" }), "token-expired"],
    ["that is of the future", () => forge({ notBefore: "5m", expires: "10m" }), "token-invalid"],
    [
      "without signature",
      () =>
        Promise.resolve(
          `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString("base64url")}.${Buffer.from('{"sub":"7"}').toString("base64url")}.`,
        ),
      "token-invalid",
    ],
    ["that is huge", () => Promise.resolve("a".repeat(100_000)), "token-invalid"],
  ])("%s is refused", async (_name, make, code) => {
    await expect(tokens.verify(await make())).rejects.toMatchObject({ status: 401, code });
  });
});
