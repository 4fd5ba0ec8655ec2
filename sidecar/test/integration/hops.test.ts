import { readFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { RecordedNginx } from "../stack/recorded-nginx.js";

const file = (name: string) => readFileSync(new URL(`../../../${name}`, import.meta.url), "utf8");
/** The headers of docs/http-hops.md that no client may set. */
const STRIPPED = [...file("nginx/stripped-headers.conf").matchAll(/^proxy_set_header (\S+) "";$/gm)].map(
  ([, name = ""]) => name,
);
const HOSTILE = [...STRIPPED, "Forwarded", "X-Forwarded-For", "X-Forwarded-Proto"].map(
  (name) => `${name}: hostile`,
);
const CLIENT = [
  "Accept: application/dicom+json;q=0.5",
  "Authorization: Bearer abc",
  "X-Client: kept",
  "Accept-Encoding: gzip",
  "Cookie: a=b",
];

let nginx: RecordedNginx;

beforeAll(async () => {
  nginx = await RecordedNginx.start();
});

afterAll(() => nginx.stop());

beforeEach(() => void nginx.take());

describe("the hop to the sidecar", () => {
  test.each([
    "GET /api/studies?a=1",
    "GET /api/events?a=1",
    "POST /api/auth/login?a=1",
    "GET /dicom-web/studies?a=1",
    "POST /dicom-web/studies?a=1",
    "POST /dicom-web/studies/1.2.3?a=1",
    "GET /dicom-web/studies/1.2/series/1.3/instances/1.4/frames/1?a=1",
    "GET /orthanc/app/explorer.html?a=1",
  ])(
    "%s carries method, query, body, Accept and token, and nothing a client could steer with",
    async (line) => {
      const body = line.startsWith("POST") ? ["Content-Length: 4", "Content-Type: text/plain"] : [];
      const answer = await nginx.send(
        line,
        [...CLIENT, ...HOSTILE, ...body],
        line.startsWith("POST") ? "body" : "",
      );
      expect(answer.status).toBe(200);
      const [request, ...more] = nginx.take();
      expect(more).toEqual([]);
      expect(`${request?.method ?? ""} ${request?.url ?? ""}`).toBe(line);
      expect(request?.body).toBe(line.startsWith("POST") ? "body" : "");
      expect(request?.headers).toMatchObject({
        accept: "application/dicom+json;q=0.5",
        authorization: "Bearer abc",
        "x-client": "kept",
        host: "imaging.example.org",
        "x-forwarded-for": "127.0.0.1",
        "x-forwarded-proto": "http",
      });
      expect(Object.entries(request?.headers ?? {}).filter(([, value]) => value === "hostile")).toEqual([]);
      expect(request?.headers.forwarded).toBeUndefined();
    },
  );

  test("takes the underscore forms of these headers for what they are: nothing", async () => {
    const underscored = STRIPPED.map((name) => `${name.replaceAll("-", "_")}: hostile`).filter((line) =>
      line.includes("_"),
    );
    expect((await nginx.send("GET /api/studies", underscored)).status).toBe(200);
    expect(Object.values(nginx.take()[0]?.headers ?? {})).not.toContain("hostile");
  });

  test("upgrades to WebSocket at /api/events alone", async () => {
    const upgrade = [
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ];
    await nginx.send("GET /api/studies", upgrade);
    await nginx.send("GET /orthanc/instances?to-orthanc", upgrade);
    for (const { headers } of nginx.take()) expect(headers.upgrade).toBeUndefined();
  });
});

describe("the hop to Orthanc", () => {
  test("asks in the sidecar's words where it has some, and nobody else's", async () => {
    const path = "/dicom-web/studies/1.2?to-orthanc";
    const forged = [...CLIENT, "X-Orthanc-Accept: forged"];
    for (const [query, accept] of [
      ["&other-words", "image/other; a=b"],
      ["", "application/dicom+json;q=0.5"],
    ] as const) {
      const answer = await nginx.send(`GET ${path}${query}`, forged);
      expect(answer.head.toLowerCase()).not.toContain("x-orthanc-accept");
      expect(nginx.take().find(({ hop }) => hop === "orthanc")?.headers.accept).toBe(accept);
    }
  });

  test.each([
    [
      "GET /dicom-web/studies/1.2/metadata?to-orthanc&a=%2F%20b",
      "/dicom-web/studies/1.2/metadata?to-orthanc&a=%2F%20b",
    ],
    [
      "GET /dicom-web/studies?to-orthanc&PatientName=%ED%99%8D",
      "/dicom-web/studies?to-orthanc&PatientName=%ED%99%8D",
    ],
    ["POST /orthanc/tools/find?to-orthanc", "/tools/find?to-orthanc"],
    ["PUT /orthanc/modalities/my%20pacs?to-orthanc", "/modalities/my%20pacs?to-orthanc"],
    ["DELETE /orthanc/instances/x?to-orthanc", "/instances/x?to-orthanc"],
  ])("%s keeps method, query, body and Accept, with Orthanc's own credentials", async (line, url) => {
    const withBody = !/^(?:GET|DELETE)/.test(line);
    const body = withBody ? ["Content-Length: 4", "Content-Type: text/plain"] : [];
    const answer = await nginx.send(line, [...CLIENT, ...HOSTILE, ...body], withBody ? "body" : "");
    expect(answer.body).toBe("answer of orthanc");
    const [asked, handedOn, ...more] = nginx.take();
    expect(more).toEqual([]);
    expect(asked).toMatchObject({ hop: "sidecar", method: line.split(" ")[0] });
    expect(handedOn).toMatchObject({
      hop: "orthanc",
      method: line.split(" ")[0],
      url,
      body: withBody ? "body" : "",
    });
    const headers = handedOn?.headers ?? {};
    expect(headers).toMatchObject({
      accept: "application/dicom+json;q=0.5",
      authorization: `Basic ${Buffer.from("neuronova:recorded").toString("base64")}`,
      forwarded: "host=imaging.example.org;proto=http",
      "x-client": "kept",
    });
    for (const name of ["accept-encoding", "cookie", "x-forwarded-for", "x-forwarded-proto", "upgrade"])
      expect(headers[name], name).toBeUndefined();
    expect(Object.values(headers)).not.toContain("hostile");
  });

  test("cannot be reached by a client's own X-Accel-Redirect, nor by the name of a location", async () => {
    for (const path of ["/@orthanc", "/api/@orthanc", "/%40orthanc", "/orthanc"])
      await nginx.send(`GET ${path}`, ["X-Accel-Redirect: @orthanc"]);
    expect(nginx.take().filter(({ hop }) => hop === "orthanc")).toEqual([]);
  });

  test.each(["a;proto=x,b", "a,b", 'a"b', "a b", "a/b", "a@b", "[::1", ""])(
    "is told of no host that could be misread: %j is refused",
    async (host) => {
      const request = `GET /dicom-web/studies?to-orthanc HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
      expect((await nginx.raw(request)).status).toBe(400);
      expect(nginx.take()).toEqual([]);
    },
  );
});

describe("the answer to the client", () => {
  test.each([
    "/api/studies",
    "/dicom-web/studies",
    "/dicom-web/studies?to-orthanc",
    "/orthanc/system?to-orthanc",
  ])("to GET %s has no header of the hops behind", async (path) => {
    const { head, status } = await nginx.send(`GET ${path}`);
    expect(status).toBe(200);
    expect(head).not.toMatch(/x-accel|x-powered-by|www-authenticate|set-cookie|keep-alive:|nginx\/\d/i);
  });
});

test("docs/http-hops.md names every header that is stripped", () => {
  expect(STRIPPED.length).toBeGreaterThan(20);
  const documented = file("docs/http-hops.md");
  expect(STRIPPED.filter((name) => !documented.includes(`\`${name}\``))).toEqual([]);
});
