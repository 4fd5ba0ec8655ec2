import fc from "fast-check";
import { readFileSync } from "node:fs";
import { afterAll } from "vitest";
import { TrustedProxies } from "../../src/audit/source.js";
import { StudyAccess } from "../../src/authorization/study-access.js";
import { invalidToken } from "../../src/authorization/token-error.js";
import { createLogger } from "../../src/log.js";
import { TokenReader } from "../../src/orthanc-authorization/presented-token.js";
import { RecentCallers } from "../../src/orthanc-authorization/recent-callers.js";
import {
  WEB_SERVICE_PATH,
  WEB_SERVICE_USER,
  orthancWebService,
} from "../../src/orthanc-authorization/web-service.js";
import { ShareLinks } from "../../src/share-links/share-links.js";
import { fuzz } from "./fuzz.js";
import { administrator, ask, expectDocumented, listening } from "./in-process.js";
import { mutated } from "./mutation.js";

interface Recorded {
  readonly calls: readonly {
    readonly request: { readonly method: string; readonly path: string; readonly body: object | null };
  }[];
}

const recording = new URL("../fixtures/orthanc-authorization/exchanges.jsonl", import.meta.url);
const calls = readFileSync(recording, "utf8")
  .trim()
  .split("\n")
  .flatMap((line) => (JSON.parse(line) as Recorded).calls.map(({ request }) => request));
const SECRET = "shared-with-orthanc";
const GOOD_TOKEN = "good";
const study = {
  studyInstanceUid: "1.2.3",
  orthancId: "0".repeat(44),
  patientKey: "p",
  labels: [],
};
const access = new StudyAccess({
  byUid: () => Promise.resolve([study]),
  byOrthancId: () => Promise.resolve(study),
  labels: () => Promise.resolve(["a"]),
  uidsWithin: () => Promise.resolve([]),
});
const shareLinks = new ShareLinks({
  store: {
    add: () => Promise.resolve(1),
    byHash: () => Promise.resolve(null),
  } as never,
  creators: {} as never,
  access,
  tokens: { sign: () => Promise.resolve("token") },
  changed: () => undefined,
});
const tokens = {
  verify: (token: string) =>
    token === GOOD_TOKEN ? Promise.resolve(administrator) : Promise.reject(invalidToken()),
};
const handle = orthancWebService({
  secret: SECRET,
  reader: new TokenReader({ tokens, shareLinks, orthancAccount: { username: "o", password: "p" } }),
  callers: new RecentCallers({
    remember: () => Promise.resolve(),
    within: () => Promise.resolve([administrator]),
  }),
  access,
  shareLinks,
  publicUrl: "https://pacs.example.org",
  trail: {
    count: () => undefined,
    record: () => Promise.resolve({ end: () => Promise.resolve() }),
  },
  proxies: new TrustedProxies([]),
  log: createLogger("silent", "fuzz"),
});
const { server, port } = await listening(handle);
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const recorded = fc.constantFrom(...calls);
const value = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(GOOD_TOKEN, `Bearer ${GOOD_TOKEN}`, "x".repeat(43), null),
);
/** A recorded body with members that are something else, or bytes that are. */
const body = recorded.chain(({ body: whole }) => {
  const members = { ...whole };
  const names = fc.constantFrom(...Object.keys(members), "method", "uri", "tokens", "resources", "roles");
  return fc.oneof(
    fc.dictionary(names, value).map((changes) => JSON.stringify({ ...members, ...changes })),
    mutated([Buffer.from(JSON.stringify(members))]),
    fc.json(),
    fc.uint8Array(),
  );
});
const decision = fc
  .record({
    method: fc.oneof(fc.constantFrom("GET", "POST", "PUT", "DELETE", "HEAD"), fc.string()),
    uri: fc.oneof(
      fc.webPath(),
      fc.string(),
      mutated([
        Buffer.from(`/studies/${study.orthancId}/archive`),
        Buffer.from("/dicom-web/studies/1.2.3/series"),
      ]).map((bytes) => bytes.toString("latin1")),
    ),
    tokens: fc.array(fc.record({ key: fc.string(), value: fc.constantFrom(GOOD_TOKEN, "bad") }), {
      maxLength: 3,
    }),
  })
  .map((each) => JSON.stringify(each));

fuzz(
  "any body of the authorization plugin is answered, or refused as documented",
  fc.oneof(
    fc.tuple(recorded, body),
    fc.tuple(fc.constant({ method: "POST", path: "/requests/decide" }), decision),
  ),
  async ([{ method, path }, sent]) => {
    const credentials = Buffer.from(`${WEB_SERVICE_USER}:${SECRET}`).toString("base64");
    const headers = { Authorization: `Basic ${credentials}`, "Content-Type": "application/json" };
    const where = WEB_SERVICE_PATH + path.replace(/^\//, "");
    const bytes = typeof sent === "string" ? Buffer.from(sent) : sent;
    expectDocumented(await ask(port, { method, path: where, headers, body: method === "GET" ? "" : bytes }));
  },
);
