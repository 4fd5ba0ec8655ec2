import { createHash } from "node:crypto";
import { exportJWK, generateKeyPair } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ClientProgram } from "../stack/client-program.js";
import { People, imageOf, studyPath, until } from "../stack/people.js";
import { RunningStack } from "../stack/running-stack.js";

let stack: RunningStack;
let people: People;
const hers = imageOf(1, "P-1", "Hers^Patient");

beforeAll(async () => {
  stack = await RunningStack.start();
  people = new People(stack);
  await people.store(hers.bytes);
});

afterAll(() => stack.stop());

describe("an API key", () => {
  test("is shown once, does what it is for, and is void when revoked", async () => {
    const admin = await stack.token();
    const created = await people.call<{ id: number; key: string }>(admin, "POST", "/api/api-keys", {
      name: "integration engine",
      permissions: ["view", "upload"],
      labels: ["*"],
      validForDays: 30,
    });
    expect(created.status).toBe(201);
    const { id, key } = created.body;
    expect(key).toMatch(/^nnk_[\w-]{43}$/);
    expect((await people.call(key, "GET", `${studyPath(hers)}/metadata`)).status).toBe(200);
    expect((await people.call(key, "GET", studyPath(hers))).status).toBe(403);
    expect((await people.call(key, "GET", "/api/accounts")).status).toBe(403);
    const list = await people.call<{ apiKeys: { id: number; lastUsedAt: string | null }[] }>(
      admin,
      "GET",
      "/api/api-keys",
    );
    expect(list.body.apiKeys.find((listed) => listed.id === id)?.lastUsedAt).not.toBeNull();
    expect(JSON.stringify(list.body)).not.toContain(key);
    expect(JSON.stringify(list.body)).not.toContain(createHash("sha256").update(key).digest("hex"));
    expect((await people.call(admin, "DELETE", `/api/api-keys/${id}`)).status).toBe(204);
    await until(401, () => people.call(key, "GET", `${studyPath(hers)}/metadata`), 5);
    expect((await people.call(`nnk_${"A".repeat(43)}`, "GET", "/api/studies")).status).toBe(401);
  });

  test("is refused once it has expired, without being revoked", async () => {
    const created = await people.call<{ id: number; key: string }>(
      await stack.token(),
      "POST",
      "/api/api-keys",
      { name: "short-lived", permissions: ["view"], labels: ["*"], validForDays: 1 },
    );
    const { id, key } = created.body;
    const metadata = () => people.call(key, "GET", `${studyPath(hers)}/metadata`);
    // Not used before: a key that was is held to the end it was read with.
    await stack.sql(`UPDATE api_key SET expires_at = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND WHERE id = ${id}`);
    expect(await metadata()).toMatchObject({ status: 401, body: { code: "token-expired" } });
  });

  test("with labels reaches only studies that have one", async () => {
    const created = await people.call<{ key: string }>(await stack.token(), "POST", "/api/api-keys", {
      name: "research",
      permissions: ["view"],
      labels: ["research"],
      validForDays: 1,
    });
    expect((await people.call<unknown[]>(created.body.key, "GET", "/dicom-web/studies")).body).toEqual([]);
    expect((await people.call(created.body.key, "GET", `${studyPath(hers)}/metadata`)).status).toBe(403);
  });
});

describe("a registered client", () => {
  async function register(algorithm: "RS384" | "ES384", clientId: string): Promise<ClientProgram> {
    const program = await ClientProgram.create(algorithm, clientId, stack.local.address);
    const registered = await people.call(await stack.token(), "POST", "/api/clients", {
      clientId,
      name: "Back end",
      permissions: ["view", "download"],
      labels: ["*"],
      jwks: { keys: [program.jwk] },
    });
    expect(registered.status, JSON.stringify(registered.body)).toBe(201);
    return program;
  }

  test.each(["RS384", "ES384"] as const)(
    "gets a short token by %s, with the scopes it asks for",
    async (algorithm) => {
      const program = await register(algorithm, `client-${algorithm}`);
      const granted = await program.token(undefined, { scope: "neuronova/view system/Patient.rs" });
      expect(granted.body).toMatchObject({ token_type: "bearer", expires_in: 300, scope: "neuronova/view" });
      const access = granted.body["access_token"] ?? "";
      expect((await people.call(access, "GET", `${studyPath(hers)}/metadata`)).status).toBe(200);
      expect((await people.call(access, "GET", studyPath(hers))).status).toBe(403);
      const refused = await program.token(undefined, { scope: "neuronova/delete" });
      expect(refused.body["error"]).toBe("invalid_scope");
    },
  );

  test("is refused a replayed, long-lived, foreign or unsigned assertion", async () => {
    const program = await register("ES384", "client-attacked");
    const once = await program.sign();
    expect((await program.token(once)).status).toBe(200);
    const foreign = await ClientProgram.create("ES384", "client-attacked", stack.local.address);
    for (const assertion of [
      once,
      await program.sign({ expires: "20m" }),
      await program.sign({ expires: "-1m" }),
      await program.sign({ claims: { aud: "https://another.example.org/token" } }),
      await program.sign({ claims: { iss: "client-other" } }),
      await program.sign({ claims: { jti: undefined } }),
      await program.sign({ header: { kid: "two" } }),
      await program.sign({ header: { jku: "https://evil.example.org/jwks" } }),
      await foreign.sign(),
      `${once.split(".").slice(0, 2).join(".")}.`,
      "garbage",
    ]) {
      const refused = await program.token(assertion);
      expect(refused, assertion).toEqual({
        status: 401,
        body: { error: "invalid_client", error_description: "The client assertion is not valid." },
      });
    }
  });

  test("that is revoked has no token left", async () => {
    const program = await register("ES384", "client-revoked");
    const { body } = await program.token();
    expect((await people.call(body["access_token"], "GET", "/api/studies")).status).toBe(200);
    expect((await people.call(await stack.token(), "DELETE", "/api/clients/client-revoked")).status).toBe(
      204,
    );
    await until(401, () => people.call(body["access_token"], "GET", "/api/studies"), 5);
    expect((await program.token()).status).toBe(401);
  });

  test("may not be registered with a private key, or for more than the administrator has", async () => {
    const { privateKey } = await generateKeyPair("ES384", { extractable: true });
    const body = {
      clientId: "client-private",
      name: "x",
      permissions: ["view"],
      labels: ["*"],
      jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: "one" }] },
    };
    expect((await people.call(await stack.token(), "POST", "/api/clients", body)).status).toBe(400);
  });
});
