import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { MySqlOpenEmrTokens } from "../../src/adapters/mysql/mysql-openemr-tokens.js";
import { OpenEmrBackendOAuth } from "../../src/adapters/openemr/openemr-oauth.js";
import { OpenEmrRest } from "../../src/adapters/openemr/openemr-rest.js";
import { BackendTokens } from "../../src/openemr/backend-tokens.js";
import { connect } from "../../src/openemr/connect.js";
import { ServiceUserTokens } from "../../src/openemr/service-user-tokens.js";
import type { KeptTokens } from "../../src/openemr/token-vault.js";
import { agree, connectOpenEmr, oauthOf } from "../stack/connect-openemr.js";
import { LoneDatabase } from "../stack/lone-database.js";
import { READING_CLIENT_ID, READING_KEY, READING_KEY_ID } from "../stack/openemr-authorization.js";
import { newSecret, OpenEmrServer } from "../stack/openemr-server.js";

let database: LoneDatabase;
let openEmr: OpenEmrServer;
const secret = newSecret();

beforeAll(async () => {
  [database, openEmr] = await Promise.all([LoneDatabase.start(), OpenEmrServer.start()]);
});
afterAll(async () => {
  await openEmr.stop();
  await database.stop();
});
beforeEach(() => {
  openEmr.tokenSeconds = 3_600;
});

const vaultOf = (sequelize = database.sequelize, key = secret) => new MySqlOpenEmrTokens(sequelize, key);
const tokensOf = (vault = vaultOf()) => new ServiceUserTokens(oauthOf(openEmr), vault);
const restOf = (tokens = tokensOf()) => new OpenEmrRest(`${openEmr.address}/apis/default/api`, tokens);

describe("connecting", () => {
  test("before it, every request says so and asks for a person", async () => {
    await expect(restOf().patient("x")).rejects.toMatchObject({
      code: "openemr-not-connected",
      concerns: "settings",
    });
  });

  test("an administrator agrees once; the tokens are kept encrypted and work after a restart", async () => {
    await connectOpenEmr(openEmr, vaultOf());
    expect(await restOf().patientPage({ offset: 0, limit: 1 })).toEqual([]);
    const kept = await vaultOf().read();
    const [[row]] = (await database.sequelize.query("SELECT sealed FROM openemr_token")) as unknown as [
      [{ sealed: Buffer }],
    ];
    for (const text of [kept?.refreshToken ?? "", kept?.accessToken ?? ""]) {
      expect(text.length).toBeGreaterThan(20);
      expect(row.sealed.includes(text)).toBe(false);
    }
  });

  test("a code under another state is not exchanged, and what is kept stays", async () => {
    const before = await vaultOf().read();
    const asked = openEmr.tokenRequests;
    let shown = "";
    const attempt = connect({
      server: oauthOf(openEmr),
      vault: vaultOf(),
      show: (address) => Promise.resolve(void (shown = address)),
      landing: async () => (await agree(shown)).replace(/state=[^&]+/, "state=forged"),
    });
    await expect(attempt).rejects.toThrow("The state is not the one that was sent");
    expect(openEmr.tokenRequests).toBe(asked);
    expect(await vaultOf().read()).toEqual(before);
  });

  test("a code taken by somebody without the verifier is worth nothing (PKCE)", async () => {
    let code = "";
    const server = oauthOf(openEmr);
    let shown = "";
    const stolen = connect({
      server: { ...serverOf(server), exchangeCode: (taken) => Promise.reject(new Error((code = taken))) },
      vault: vaultOf(),
      show: (address) => Promise.resolve(void (shown = address)),
      landing: () => agree(shown),
    });
    await expect(stolen).rejects.toThrow();
    await expect(server.exchangeCode(code, "a".repeat(64))).rejects.toMatchObject({
      code: "openemr-unauthorised",
    });
  });

  test("with another key the kept tokens are no tokens: connect again, nothing is overwritten", async () => {
    const other = tokensOf(vaultOf(database.sequelize, newSecret()));
    await expect(other.current()).rejects.toMatchObject({ code: "openemr-not-connected" });
    expect(await vaultOf().read()).not.toBeNull();
  });
});

describe("tokens", () => {
  test("of 60 s are refreshed before their end, and every refresh token is used once", async () => {
    openEmr.tokenSeconds = 60;
    await connectOpenEmr(openEmr, vaultOf());
    const first = await vaultOf().read();
    const life = (first?.usableUntil.getTime() ?? 0) - Date.now();
    expect(life).toBeGreaterThan(50_000);
    expect(life).toBeLessThanOrEqual(54_000);
    // The end of that life, by the database.
    await vaultOf().replace((kept) =>
      Promise.resolve({ ...given(kept), usableUntil: new Date(Date.now() - 1) }),
    );
    expect(await restOf().patientPage({ offset: 0, limit: 1 })).toEqual([]);
    const second = await vaultOf().read();
    expect(second?.refreshToken).not.toBe(first?.refreshToken);
    await expect(oauthOf(openEmr).refresh(first?.refreshToken ?? "")).rejects.toMatchObject({
      code: "openemr-unauthorised",
    });
  });

  test("of two processes that need a new one, one refreshes and the other takes what it got", async () => {
    openEmr.tokenSeconds = 3_600;
    await connectOpenEmr(openEmr, vaultOf());
    await vaultOf().replace((kept) => Promise.resolve({ ...given(kept), usableUntil: new Date(0) }));
    const others = [database.connectAgain(), database.connectAgain()];
    const before = openEmr.tokenRequests;
    const got = await Promise.all(
      others.flatMap((sequelize) => Array.from({ length: 5 }, () => tokensOf(vaultOf(sequelize)).current())),
    );
    expect(new Set(got).size).toBe(1);
    expect(openEmr.tokenRequests - before).toBe(1);
    await Promise.all(others.map((sequelize) => sequelize.close()));
  });

  test("one that OpenEMR refuses before its time is replaced and the request repeated once", async () => {
    await vaultOf().replace((kept) => Promise.resolve({ ...given(kept), accessToken: "revoked" }));
    expect(await restOf().patientPage({ offset: 0, limit: 1 })).toEqual([]);
  });

  test("for reading, of the program itself: RS384, refreshed within its minute", async () => {
    const grants = new OpenEmrBackendOAuth({
      base: `${openEmr.address}/oauth2/default`,
      clientId: READING_CLIENT_ID,
      privateKey: READING_KEY,
      keyId: READING_KEY_ID,
      scope: "system/Patient.read",
    });
    const { lifetimeSeconds, refreshToken } = await grants.grant();
    expect([lifetimeSeconds, refreshToken]).toEqual([60, null]);
    const tokens = new BackendTokens(grants);
    const token = await tokens.current();
    expect(await tokens.current()).toBe(token);
    tokens.refused(token);
    expect(await tokens.current()).not.toBe(token);
  });
});

function serverOf(server: ReturnType<typeof oauthOf>) {
  return {
    authorizationAddress: server.authorizationAddress.bind(server),
    refresh: server.refresh.bind(server),
  };
}

function given(kept: KeptTokens | null): KeptTokens {
  if (kept === null) throw new Error("there are no tokens");
  return kept;
}
