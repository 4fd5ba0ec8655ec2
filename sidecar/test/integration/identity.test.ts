import { createHash } from "node:crypto";
import { SignJWT, exportJWK, generateKeyPair } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { createDemoStudy } from "../../src/phantom/demo-study.js";
import { RunningStack } from "../stack/running-stack.js";

const PASSWORD = "a password long enough";
const imageOf = (seed: number, id: string, name: string) => {
  const [image] = createDemoStudy({
    seed,
    slices: 1,
    rows: 32,
    columns: 32,
    patient: { name, id, birthDate: "19700101", sex: "F" },
  });
  if (image === undefined) throw new Error("the demo study has no image");
  return image;
};
const hers = imageOf(1, "P-1", "Hers^Patient");
const his = imageOf(2, "P-2", "His^Patient");

interface Answer<T = Record<string, unknown>> {
  readonly status: number;
  readonly body: T;
  readonly headers: Headers;
}

let stack: RunningStack;

async function call<T = Record<string, unknown>>(
  token: string | undefined,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer<T>> {
  const response = await fetch(stack.local.address + path, {
    method,
    headers: {
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const parsed = text.startsWith("{") || text.startsWith("[") ? (JSON.parse(text) as T) : ({} as T);
  return { status: response.status, body: parsed, headers: response.headers };
}

async function createAccount(username: string, role: string, rest: object = {}): Promise<number> {
  const created = await call<{ id: number }>(await stack.token(), "POST", "/api/accounts", {
    username,
    role,
    password: PASSWORD,
    ...rest,
  });
  expect(created.status, JSON.stringify(created.body)).toBe(201);
  return created.body.id;
}

interface Session {
  readonly accessToken: string;
  readonly refreshToken: string;
}

async function logIn(username: string, password = PASSWORD): Promise<Session> {
  const login = await call<Session>(undefined, "POST", "/api/auth/login", {
    username,
    password,
    refreshTokenIn: "body",
  });
  expect(login.status, JSON.stringify(login.body)).toBe(200);
  return login.body;
}

/** Asks until the answer has the status: the bound is what is waited for, not a guess. */
async function until(status: number, ask: () => Promise<Answer>, withinSeconds: number): Promise<void> {
  const deadline = Date.now() + withinSeconds * 1_000;
  for (;;) {
    const answer = await ask();
    if (answer.status === status) return;
    if (Date.now() > deadline) throw new Error(`still ${answer.status} after ${withinSeconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

beforeAll(async () => {
  stack = await RunningStack.start();
  const events = await stack.events();
  await stack.storeOverWeb([hers.bytes, his.bytes]);
  await events.until("renditions", () => events.of("instance.rendered").length === 2);
  events.close();
});

afterAll(() => stack.stop());

const studyPath = (image: typeof hers) => `/dicom-web/studies/${image.studyInstanceUid}`;
const instancePath = (image: typeof hers) =>
  `${studyPath(image)}/series/${image.seriesInstanceUid}/instances/${image.sopInstanceUid}`;

describe("a patient", () => {
  let token: string;
  beforeAll(async () => {
    await createAccount("patient-1", "patient", { patient: { patientId: "P-1" } });
    token = (await logIn("patient-1")).accessToken;
  });

  test("sees their own study by every route, and no other by any", async () => {
    const routes = (image: typeof hers) => [
      studyPath(image),
      `${studyPath(image)}/metadata`,
      `${studyPath(image)}/series/${image.seriesInstanceUid}`,
      `${instancePath(image)}`,
      `${instancePath(image)}/metadata`,
      `${instancePath(image)}/frames/1`,
      `${instancePath(image)}/rendered`,
      `/api/studies/${image.studyInstanceUid}`,
    ];
    for (const path of routes(hers)) expect((await call(token, "GET", path)).status, path).toBe(200);
    for (const path of routes(his))
      expect((await call(token, "GET", path)).status, path).toBe(path.startsWith("/api") ? 404 : 403);
    const fhir = await call(token, "GET", `/api/studies/${his.studyInstanceUid}/fhir`);
    expect(fhir.status).toBe(404);
  });

  test("finds their own study alone, whatever they search for", async () => {
    const uidsOf = ({ body }: Answer<{ "0020000D": { Value: string[] } }[]>) =>
      body.map((attributes) => attributes["0020000D"].Value[0]);
    for (const query of ["", "?PatientID=*", "?PatientID=P-2", `?StudyInstanceUID=${his.studyInstanceUid}`]) {
      for (const level of ["studies", "series", "instances"]) {
        const found = await call<{ "0020000D": { Value: string[] } }[]>(
          token,
          "GET",
          `/dicom-web/${level}${query}`,
        );
        expect(found.status).toBe(200);
        const expected = query === "" || query === "?PatientID=*" ? [hers.studyInstanceUid] : [];
        expect(uidsOf(found), level + query).toEqual(expected);
      }
    }
    const crossed = `${studyPath(hers)}/series?StudyInstanceUID=${his.studyInstanceUid}`;
    expect((await call<unknown[]>(token, "GET", crossed)).body).toEqual([]);
    expect((await call(token, "GET", "/dicom-web/studies?0020000D=1&StudyInstanceUID=2")).status).toBe(400);
    const list = await call<{ total: number; studies: { studyInstanceUid: string }[] }>(
      token,
      "GET",
      "/api/studies",
    );
    expect(list.body.total).toBe(1);
    expect(list.body.studies.map(({ studyInstanceUid }) => studyInstanceUid)).toEqual([
      hers.studyInstanceUid,
    ]);
  });

  test("addresses in what they find lead back to the public way", async () => {
    const found = await call<{ "00081190": { Value: string[] } }[]>(token, "GET", "/dicom-web/studies");
    expect(found.body[0]?.["00081190"].Value[0]).toBe(stack.local.address + studyPath(hers));
  });

  test("gets nothing of another's series or instance under the UID of their own study", async () => {
    const series = `${studyPath(hers)}/series/${his.seriesInstanceUid}`;
    const instance = `${series}/instances/${his.sopInstanceUid}`;
    const mixed = `${studyPath(hers)}/series/${hers.seriesInstanceUid}/instances/${his.sopInstanceUid}`;
    for (const path of [
      series,
      `${series}/metadata`,
      instance,
      `${instance}/metadata`,
      `${instance}/frames/1`,
      `${instance}/rendered`,
      mixed,
      `${mixed}/metadata`,
      `${mixed}/frames/1`,
      `${mixed}/rendered`,
    ]) {
      const response = await fetch(stack.local.address + path, {
        headers: { Authorization: `Bearer ${token}` },
      });
      const body = Buffer.from(await response.arrayBuffer()).toString("latin1");
      expect(body.includes("His^Patient") || body.includes(his.studyInstanceUid), path).toBe(false);
      expect(response.status === 200 && body !== "[]" && body !== "", `${path} ${body.slice(0, 80)}`).toBe(
        false,
      );
    }
  });

  test("may neither store, share, administer nor label", async () => {
    expect((await call(token, "POST", "/dicom-web/studies")).status).toBe(403);
    expect((await call(token, "GET", "/orthanc/system")).status).toBe(403);
    for (const path of [
      "/api/accounts",
      "/api/api-keys",
      "/api/clients",
      "/api/failures",
      "/api/break-glass",
    ])
      expect((await call(token, "GET", path)).status, path).toBe(403);
    expect((await call(token, "POST", "/api/share-links", {})).status).toBe(403);
    const labels = `/api/studies/${hers.studyInstanceUid}/labels`;
    expect((await call(token, "PUT", labels, { labels: [] })).status).toBe(403);
  });

  test("hears of their own study alone on the event socket", async () => {
    const heard = await new Promise<{ studyInstanceUid?: string; sequence: number }[]>((resolve, reject) => {
      const socket = new WebSocket(`${stack.local.address.replace("http", "ws")}/api/events`);
      const events: { studyInstanceUid?: string; sequence: number }[] = [];
      socket.once("open", () => socket.send(JSON.stringify({ type: "authenticate", token, since: 0 })));
      socket.on("message", (data: Buffer) => {
        const message = JSON.parse(data.toString("utf8")) as { type: string; sequence: number };
        if (message.type !== "event") return;
        events.push(message);
        if (events.filter((event) => "event" in event).length >= 2) {
          socket.close();
          resolve(events);
        }
      });
      socket.once("error", reject);
    });
    expect(new Set(heard.map(({ studyInstanceUid }) => studyInstanceUid))).toEqual(
      new Set([hers.studyInstanceUid]),
    );
  });
});

describe("labels", () => {
  test("restrict a doctor to the studies that have one, as soon as they are set", async () => {
    await createAccount("cardiologist", "doctor", { labels: ["cardio"] });
    const { accessToken } = await logIn("cardiologist");
    expect((await call(accessToken, "GET", `${studyPath(hers)}/metadata`)).status).toBe(403);
    const labels = `/api/studies/${hers.studyInstanceUid}/labels`;
    expect((await call(await stack.token(), "PUT", labels, { labels: ["cardio"] })).status).toBe(204);
    await until(200, () => call(accessToken, "GET", `${studyPath(hers)}/metadata`), 5);
    expect((await call(accessToken, "GET", `${studyPath(his)}/metadata`)).status).toBe(403);
    const list = await call<{ total: number }>(accessToken, "GET", "/api/studies");
    expect(list.body.total).toBe(1);
    await call(await stack.token(), "PUT", labels, { labels: [] });
    await until(403, () => call(accessToken, "GET", `${studyPath(hers)}/metadata`), 5);
  });
});

describe("an account", () => {
  const me = (token: string) => call(token, "GET", "/api/auth/me");

  test("that is disabled, or whose role changes, is out within five seconds", async () => {
    const admin = await stack.token();
    const id = await createAccount("short-lived", "nurse");
    const session = await logIn("short-lived");
    expect((await me(session.accessToken)).body["role"]).toBe("nurse");
    expect((await call(admin, "PATCH", `/api/accounts/${id}`, { role: "lab" })).status).toBe(200);
    await until(401, () => me(session.accessToken), 5);
    const renewed = await call<Session>(undefined, "POST", "/api/auth/refresh", {
      refreshToken: session.refreshToken,
    });
    expect((await me(renewed.body.accessToken)).body["role"]).toBe("lab");
    expect((await call(admin, "PATCH", `/api/accounts/${id}`, { disabled: true })).status).toBe(200);
    await until(401, () => me(renewed.body.accessToken), 5);
    const again = { refreshToken: renewed.body.refreshToken };
    expect((await call(undefined, "POST", "/api/auth/refresh", again)).status).toBe(401);
    const login = { username: "short-lived", password: PASSWORD };
    expect((await call(undefined, "POST", "/api/auth/login", login)).status).toBe(401);
  });

  test("that logs out has no token left, within five seconds", async () => {
    await createAccount("leaving", "nurse");
    const session = await logIn("leaving");
    const other = await logIn("leaving");
    const { refreshToken } = session;
    expect((await call(undefined, "POST", "/api/auth/logout", { refreshToken })).status).toBe(204);
    await until(401, () => me(session.accessToken), 5);
    expect((await call(undefined, "POST", "/api/auth/refresh", { refreshToken })).status).toBe(401);
    expect((await me(other.accessToken)).status).toBe(200);
  });

  test("changes its password with the old one, which ends every session", async () => {
    await createAccount("changing", "nurse");
    const session = await logIn("changing");
    const change = (oldPassword: string, newPassword: string) =>
      call(session.accessToken, "POST", "/api/auth/password", { oldPassword, newPassword });
    expect((await change("not the password", "another password")).status).toBe(401);
    expect((await change(PASSWORD, "short")).status).toBe(400);
    expect((await change(PASSWORD, "another password")).status).toBe(204);
    await until(401, () => me(session.accessToken), 5);
    const login = { username: "changing", password: PASSWORD };
    expect((await call(undefined, "POST", "/api/auth/login", login)).status).toBe(401);
    await logIn("changing", "another password");
  });

  test("is not created twice, nor with a short password, an unknown role or a patient without identity", async () => {
    const admin = await stack.token();
    const create = (body: object) => call(admin, "POST", "/api/accounts", body);
    const good = { username: "once", role: "nurse", password: PASSWORD };
    expect((await create({ ...good, password: "eleven char" })).status).toBe(400);
    expect((await create({ ...good, role: "root" })).status).toBe(400);
    expect((await create({ ...good, role: "constructor" })).status).toBe(400);
    expect((await create({ ...good, role: "patient" })).status).toBe(400);
    expect((await create({ ...good, labels: ["*", "cardio"] })).status).toBe(400);
    expect((await create({ ...good, passwordHash: "x" })).status).toBe(400);
    const refused = await create({ ...good, password: "short secret".slice(0, 11) });
    expect(JSON.stringify(refused.body)).not.toContain("short secre");
    expect((await create(good)).status).toBe(201);
    expect((await create(good)).status).toBe(409);
    const list = await call<{ accounts: object[] }>(admin, "GET", "/api/accounts");
    expect(JSON.stringify(list.body)).toContain('"once"');
    expect(JSON.stringify(list.body)).not.toMatch(/scrypt|passwordHash/);
  });

  test("of an administrator does not demote or disable itself", async () => {
    const admin = await stack.token();
    const self = await me(admin);
    const id = String(self.body["subject"]).replace("account:", "");
    expect((await call(admin, "PATCH", `/api/accounts/${id}`, { disabled: true })).status).toBe(409);
    expect((await call(admin, "PATCH", `/api/accounts/${id}`, { role: "nurse" })).status).toBe(409);
  });
});

describe("a refresh token", () => {
  test("used twice at once serves one, and ends the session of both", async () => {
    await createAccount("racing", "nurse");
    const { refreshToken } = await logIn("racing");
    const refresh = (token: string) =>
      call<Session>(undefined, "POST", "/api/auth/refresh", { refreshToken: token });
    const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(refreshToken)));
    const served = answers.filter(({ status }) => status === 200);
    expect(served).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(7);
    expect((await refresh(served[0]?.body.refreshToken ?? "")).status).toBe(401);
    await until(401, () => call(served[0]?.body.accessToken ?? "", "GET", "/api/auth/me"), 5);
  });

  test("revoked while it is being rotated leaves no session behind", async () => {
    await createAccount("leaving-racing", "nurse");
    for (let round = 0; round < 10; round += 1) {
      const { refreshToken } = await logIn("leaving-racing");
      const [rotated] = await Promise.all([
        call<Session>(undefined, "POST", "/api/auth/refresh", { refreshToken }),
        call(undefined, "POST", "/api/auth/logout", { refreshToken }),
      ]);
      const successor = rotated.body.refreshToken as string | undefined;
      if (successor === undefined) continue;
      expect((await call(undefined, "POST", "/api/auth/refresh", { refreshToken: successor })).status).toBe(
        401,
      );
    }
  });
});

describe("a login", () => {
  test("of several at once with wrong passwords is locked after five, whatever their order", async () => {
    await createAccount("guessed", "nurse");
    const attempt = (password: string) =>
      call(undefined, "POST", "/api/auth/login", { username: "guessed", password });
    const wrong = await Promise.all(Array.from({ length: 6 }, () => attempt("a wrong password")));
    expect(wrong.every(({ status }) => status === 401)).toBe(true);
    expect((await attempt(PASSWORD)).status).toBe(401);
  });

  test("takes as long for an unknown name as for a wrong password", async () => {
    await createAccount("known", "nurse");
    const millisecondsOf = async (username: string) => {
      const times: number[] = [];
      for (let round = 0; round < 4; round += 1) {
        const begun = performance.now();
        await call(undefined, "POST", "/api/auth/login", { username, password: "a wrong password" });
        times.push(performance.now() - begun);
      }
      return Math.min(...times);
    };
    const [known, unknown] = [await millisecondsOf("known"), await millisecondsOf("unknown-name")];
    expect(Math.min(known, unknown) / Math.max(known, unknown)).toBeGreaterThan(0.5);
  });
});

describe("an API key", () => {
  test("is shown once, does what it is for, and is void when revoked", async () => {
    const admin = await stack.token();
    const created = await call<{ id: number; key: string }>(admin, "POST", "/api/api-keys", {
      name: "integration engine",
      permissions: ["view", "upload"],
      labels: ["*"],
      validForDays: 30,
    });
    expect(created.status).toBe(201);
    const { id, key } = created.body;
    expect(key).toMatch(/^nnk_[\w-]{43}$/);
    expect((await call(key, "GET", `${studyPath(hers)}/metadata`)).status).toBe(200);
    expect((await call(key, "GET", studyPath(hers))).status).toBe(403);
    expect((await call(key, "GET", "/api/accounts")).status).toBe(403);
    const list = await call<{ apiKeys: { id: number; lastUsedAt: string | null }[] }>(
      admin,
      "GET",
      "/api/api-keys",
    );
    expect(list.body.apiKeys.find((listed) => listed.id === id)?.lastUsedAt).not.toBeNull();
    expect(JSON.stringify(list.body)).not.toContain(key);
    expect(JSON.stringify(list.body)).not.toContain(createHash("sha256").update(key).digest("hex"));
    expect((await call(admin, "DELETE", `/api/api-keys/${id}`)).status).toBe(204);
    await until(401, () => call(key, "GET", `${studyPath(hers)}/metadata`), 5);
    expect((await call(`nnk_${"A".repeat(43)}`, "GET", "/api/studies")).status).toBe(401);
  });

  test("with labels reaches only studies that have one", async () => {
    const created = await call<{ key: string }>(await stack.token(), "POST", "/api/api-keys", {
      name: "research",
      permissions: ["view"],
      labels: ["research"],
      validForDays: 1,
    });
    expect((await call<unknown[]>(created.body.key, "GET", "/dicom-web/studies")).body).toEqual([]);
    expect((await call(created.body.key, "GET", `${studyPath(hers)}/metadata`)).status).toBe(403);
  });
});

describe("a registered client", () => {
  const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
  const tokenAddress = () => `${stack.local.address}/api/oauth/token`;

  async function register(algorithm: "RS384" | "ES384", clientId: string) {
    const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid: "one", alg: algorithm };
    const registered = await call(await stack.token(), "POST", "/api/clients", {
      clientId,
      name: "Back end",
      permissions: ["view", "download"],
      labels: ["*"],
      jwks: { keys: [jwk] },
    });
    expect(registered.status, JSON.stringify(registered.body)).toBe(201);
    return (change: { claims?: object; expires?: string; header?: object } = {}) =>
      new SignJWT({
        iss: clientId,
        sub: clientId,
        aud: tokenAddress(),
        jti: crypto.randomUUID(),
        ...change.claims,
      })
        .setProtectedHeader({ alg: algorithm, kid: "one", typ: "JWT", ...change.header })
        .setExpirationTime(change.expires ?? "4m")
        .sign(privateKey);
  }

  async function token(assertion: string, rest: Record<string, string> = {}) {
    const response = await fetch(tokenAddress(), {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_assertion_type: assertionType,
        client_assertion: assertion,
        ...rest,
      }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, string> };
  }

  test.each(["RS384", "ES384"] as const)(
    "gets a short token by %s, with the scopes it asks for",
    async (algorithm) => {
      const sign = await register(algorithm, `client-${algorithm}`);
      const granted = await token(await sign(), { scope: "neuronova/view system/Patient.rs" });
      expect(granted.body).toMatchObject({ token_type: "bearer", expires_in: 300, scope: "neuronova/view" });
      const access = granted.body["access_token"] ?? "";
      expect((await call(access, "GET", `${studyPath(hers)}/metadata`)).status).toBe(200);
      expect((await call(access, "GET", studyPath(hers))).status).toBe(403);
      expect((await token(await sign(), { scope: "neuronova/delete" })).body["error"]).toBe("invalid_scope");
    },
  );

  test("is refused a replayed, long-lived, foreign or unsigned assertion", async () => {
    const sign = await register("ES384", "client-attacked");
    const once = await sign();
    expect((await token(once)).status).toBe(200);
    const { privateKey } = await generateKeyPair("ES384");
    const foreign = await new SignJWT({
      iss: "client-attacked",
      sub: "client-attacked",
      aud: tokenAddress(),
      jti: "x",
    })
      .setProtectedHeader({ alg: "ES384", kid: "one" })
      .setExpirationTime("4m")
      .sign(privateKey);
    for (const assertion of [
      once,
      await sign({ expires: "20m" }),
      await sign({ expires: "-1m" }),
      await sign({ claims: { aud: "https://another.example.org/token" } }),
      await sign({ claims: { iss: "client-other" } }),
      await sign({ claims: { jti: undefined } }),
      await sign({ header: { kid: "two" } }),
      await sign({ header: { jku: "https://evil.example.org/jwks" } }),
      foreign,
      `${once.split(".").slice(0, 2).join(".")}.`,
      "garbage",
    ]) {
      const refused = await token(assertion);
      expect(refused, assertion).toEqual({
        status: 401,
        body: { error: "invalid_client", error_description: "The client assertion is not valid." },
      });
    }
  });

  test("that is revoked has no token left", async () => {
    const sign = await register("ES384", "client-revoked");
    const { body } = await token(await sign());
    expect((await call(body["access_token"], "GET", "/api/studies")).status).toBe(200);
    expect((await call(await stack.token(), "DELETE", "/api/clients/client-revoked")).status).toBe(204);
    await until(401, () => call(body["access_token"], "GET", "/api/studies"), 5);
    expect((await token(await sign())).status).toBe(401);
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
    expect((await call(await stack.token(), "POST", "/api/clients", body)).status).toBe(400);
  });
});

describe("break-glass", () => {
  test("opens one study to a restricted doctor, with a reason, on the record, until it is ended", async () => {
    await createAccount("on-call", "doctor", { labels: [] });
    const { accessToken } = await logIn("on-call");
    const metadata = () => call(accessToken, "GET", `${studyPath(hers)}/metadata`);
    expect((await metadata()).status).toBe(403);
    const ask = (body: object) =>
      call<{ id: number }>(accessToken, "POST", "/api/break-glass", {
        studyInstanceUid: hers.studyInstanceUid,
        ...body,
      });
    expect((await ask({ reason: "why" })).status).toBe(400);
    const asked = await ask({ reason: "Stroke in the emergency room", minutes: 15 });
    expect(asked.status).toBe(201);
    await until(200, metadata, 5);
    expect((await call(accessToken, "GET", `${studyPath(his)}/metadata`)).status).toBe(403);
    expect((await ask({ reason: "Stroke in the emergency room" })).status).toBe(409);
    const share = { studyInstanceUids: [hers.studyInstanceUid], expiresAt: new Date(Date.now() + 3_600_000) };
    expect((await call(accessToken, "POST", "/api/share-links", share)).status).toBe(403);

    const admin = await stack.token();
    const open = await call<{ accesses: Record<string, unknown>[] }>(
      admin,
      "GET",
      "/api/break-glass?state=open",
    );
    expect(open.body.accesses[0]).toMatchObject({
      id: asked.body.id,
      displayName: "on-call",
      role: "doctor",
      reason: "Stroke in the emergency room",
      studyInstanceUid: hers.studyInstanceUid,
      sourceAddress: "127.0.0.1",
      acknowledgedAt: null,
    });
    const acknowledgement = `/api/break-glass/${asked.body.id}/acknowledgement`;
    expect((await call(accessToken, "POST", acknowledgement, { comment: "fine" })).status).toBe(403);
    expect((await call(admin, "POST", acknowledgement, { comment: "Justified" })).status).toBe(204);
    const left = await call<{ accesses: unknown[] }>(admin, "GET", "/api/break-glass?state=open");
    expect(left.body.accesses).toEqual([]);
    expect((await call(accessToken, "DELETE", `/api/break-glass/${asked.body.id}`)).status).toBe(204);
    await until(403, metadata, 5);
  });

  test("is not for nurses", async () => {
    await createAccount("nurse-asking", "nurse", { labels: [] });
    const { accessToken } = await logIn("nurse-asking");
    const body = { studyInstanceUid: hers.studyInstanceUid, reason: "I would like to look at it" };
    expect((await call(accessToken, "POST", "/api/break-glass", body)).status).toBe(403);
  });

  test("ends by itself", async () => {
    await createAccount("on-call-patient", "radiologist", { labels: [] });
    const { accessToken } = await logIn("on-call-patient");
    const body = { patient: { patientId: "P-2" }, reason: "Emergency transfer", minutes: 1 };
    expect((await call(accessToken, "POST", "/api/break-glass", body)).status).toBe(201);
    await until(200, () => call(accessToken, "GET", `${studyPath(his)}/metadata`), 5);
    expect((await call(accessToken, "GET", `${studyPath(hers)}/metadata`)).status).toBe(403);
    await until(403, () => call(accessToken, "GET", `${studyPath(his)}/metadata`), 66);
  });
});

describe("a share link", () => {
  const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString();
  interface Minted {
    readonly id: number;
    readonly token: string;
    readonly url: string;
  }
  const mint = async (body: object = {}, token?: string) =>
    call<Minted>(token ?? (await stack.token("doctor")), "POST", "/api/share-links", {
      studyInstanceUids: [hers.studyInstanceUid],
      expiresAt: tomorrow(),
      ...body,
    });
  const exchange = (token: string) =>
    call<{ accessToken: string }>(undefined, "POST", "/api/share-links/exchange", { token });

  test("shows its study and nothing else, and is over as soon as it is revoked", async () => {
    const minted = await mint();
    expect(minted.status).toBe(201);
    expect(minted.body.url).toBe(`${stack.local.address}/share#${minted.body.token}`);
    const { accessToken } = (await exchange(minted.body.token)).body;
    expect((await call(accessToken, "GET", `${instancePath(hers)}/frames/1`)).status).toBe(200);
    expect((await call(accessToken, "GET", studyPath(hers))).status).toBe(403);
    expect((await call(accessToken, "GET", `${studyPath(his)}/metadata`)).status).toBe(403);
    const list = await call<{ studies: { studyInstanceUid: string }[] }>(accessToken, "GET", "/api/studies");
    expect(list.body.studies.map(({ studyInstanceUid }) => studyInstanceUid)).toEqual([
      hers.studyInstanceUid,
    ]);
    expect((await mint({}, accessToken)).status).toBe(403);
    expect((await call(accessToken, "POST", "/api/share-links/renewal")).status).toBe(200);
    const links = await call<{ shareLinks: { id: number }[] }>(
      await stack.token("doctor"),
      "GET",
      "/api/share-links",
    );
    expect(links.body.shareLinks.map(({ id }) => id)).toContain(minted.body.id);
    expect(JSON.stringify(links.body)).not.toContain(minted.body.token);
    const revoke = `/api/share-links/${minted.body.id}`;
    expect((await call(await stack.token("doctor"), "DELETE", revoke)).status).toBe(204);
    await until(401, () => call(accessToken, "GET", `${instancePath(hers)}/frames/1`), 5);
    expect((await exchange(minted.body.token)).body).toMatchObject({ code: "share-link-invalid" });
    expect((await call(accessToken, "POST", "/api/share-links/renewal")).status).toBe(401);
  });

  test("with a number of uses serves so many, also when all come at once", async () => {
    const minted = await mint({ usesAllowed: 2 });
    const answers = await Promise.all(Array.from({ length: 6 }, () => exchange(minted.body.token)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(2);
    expect((await exchange(minted.body.token)).body).toMatchObject({ code: "share-link-expired" });
  });

  test("is minted only by someone who may share and sees each study", async () => {
    await createAccount("restricted-doctor", "doctor", { labels: ["nothing"] });
    const restricted = (await logIn("restricted-doctor")).accessToken;
    expect((await mint({}, restricted)).status).toBe(403);
    await createAccount("sharing-nurse", "nurse");
    expect((await mint({}, (await logIn("sharing-nurse")).accessToken)).status).toBe(403);
    expect((await mint({ studyInstanceUids: ["1.2.3"] })).status).toBe(404);
    expect((await mint({ expiresAt: new Date(0).toISOString() })).status).toBe(400);
    expect((await mint({ permissions: ["view", "delete"] })).status).toBe(400);
    expect((await exchange("not a token")).body).toMatchObject({ code: "share-link-invalid" });
  });

  test("of another doctor is neither listed for nor revoked by one", async () => {
    const minted = await mint();
    await createAccount("other-doctor", "doctor");
    const other = (await logIn("other-doctor")).accessToken;
    expect((await call<{ shareLinks: unknown[] }>(other, "GET", "/api/share-links")).body.shareLinks).toEqual(
      [],
    );
    expect((await call(other, "DELETE", `/api/share-links/${minted.body.id}`)).status).toBe(404);
    expect((await call(await stack.token(), "DELETE", `/api/share-links/${minted.body.id}`)).status).toBe(
      204,
    );
  });
});
