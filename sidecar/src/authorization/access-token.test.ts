import { SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { AccessTokens } from "./access-token.js";

const KEY = "a key of at least thirty-two characters";
const tokens = new AccessTokens(KEY);
const doctor = { accountId: 7, username: "doctor", role: "doctor" as const };
const encoder = new TextEncoder();

function forge(
  change: { header?: object; claims?: object; key?: string; expires?: string } = {},
): Promise<string> {
  return new SignJWT({
    username: "doctor",
    role: "doctor",
    iss: "neuronova",
    aud: "neuronova",
    sub: "7",
    ...change.claims,
  })
    .setProtectedHeader({ alg: "HS256", typ: "at+jwt", ...change.header })
    .setIssuedAt()
    .setNotBefore("0s")
    .setExpirationTime(change.expires ?? "5m")
    .sign(encoder.encode(change.key ?? KEY));
}

describe("an access token", () => {
  test("says who the request is from, the second time too", async () => {
    const token = await tokens.sign(doctor);
    expect(await tokens.verify(token)).toMatchObject(doctor);
    expect(await tokens.verify(token)).toMatchObject(doctor);
    expect(await tokens.verify(await forge())).toMatchObject(doctor);
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
    ["of an unknown role", () => forge({ claims: { role: "root" } }), "token-invalid"],
    [
      "of a role named like a property of objects",
      () => forge({ claims: { role: "constructor" } }),
      "token-invalid",
    ],
    ["that has expired", () => forge({ expires: "-1s" }), "token-expired"],
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
