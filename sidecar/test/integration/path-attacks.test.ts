import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { RecordedNginx } from "../stack/recorded-nginx.js";

let nginx: RecordedNginx;

beforeAll(async () => {
  nginx = await RecordedNginx.start();
});

afterAll(() => nginx.stop());

beforeEach(() => void nginx.take());

/** Ways to write a dot, a slash and a backslash that some program on some way has taken for one. */
const DOTS = [".", "%2e", "%2E", "%252e", "%c0%ae", "%C0%2E", "%e0%80%ae", "%u002e", "%ff0e", "%25252e"];
const SLASHES = [
  "/",
  "%2f",
  "%2F",
  "%252f",
  "%c0%af",
  "%5c",
  "%5C",
  "%255c",
  "\\",
  "//",
  "/./",
  ";/",
  "%00/",
  "%u2215",
  "%e0%80%af",
];
const PREFIXES = ["/dicom-web", "/api", "/orthanc", "/assets", ""];

function traversals(): string[] {
  const paths = new Set<string>();
  for (const prefix of PREFIXES) {
    for (const dot of DOTS) {
      for (const slash of SLASHES) {
        paths.add(`${prefix}/${dot}${dot}${slash}system`);
        paths.add(`${prefix}${slash}${dot}${dot}${slash}instances`);
      }
    }
  }
  return [...paths];
}

const SINGLE = [
  ...[
    "\\",
    "%5c",
    "%2f",
    "%2e",
    "%25",
    "%00",
    "%0a",
    "%0d%0aX:%201",
    "%09",
    "%7f",
    "%80",
    "%c3%a9",
    "%23",
    "%3b",
    "%3f",
    "%zz",
    "%",
    "%4",
  ],
  ...["/./x", "//x", "/x/.", "/x/..", ";jsessionid=1", "..;/x", "#x", "\x80", "\xe9"],
];

describe("a path that can be read in two ways", () => {
  test("is refused, whichever of a thousand ways it is written, and reaches nobody", async () => {
    const attacks = traversals();
    expect(attacks.length).toBeGreaterThanOrEqual(1_000);
    const passed: string[] = [];
    for (let index = 0; index < attacks.length; index += 50) {
      const batch = attacks.slice(index, index + 50);
      const answers = await Promise.all(batch.map((path) => nginx.send(`GET ${path}`)));
      passed.push(...batch.filter((_path, at) => answers[at]?.status !== 400));
    }
    expect(passed).toEqual([]);
    expect(nginx.take()).toEqual([]);
  });

  test.each(PREFIXES.flatMap((prefix) => SINGLE.map((attack) => [`${prefix}/studies${attack}`])))(
    "%j is refused",
    async (path) => {
      expect((await nginx.send(`GET ${path}`)).status).toBe(400);
      expect(nginx.take()).toEqual([]);
    },
  );

  test("is told from one that cannot: those pass as they are written", async () => {
    const paths = [
      "/dicom-web/studies/1.2.840.10008/series/1.2/instances/1.3/frames/1,2",
      "/dicom-web/studies?PatientName=%ED%99%8D%5E*&00081030=a%2Fb&x=..%5c",
      "/api/failures/rendition/a-b_c~d%20e%3Af",
      "/orthanc/modalities/my%20modality/echo",
    ];
    for (const path of paths) expect((await nginx.send(`GET ${path}`)).status, path).toBe(200);
    expect(nginx.take().map(({ url }) => url)).toEqual(paths);
  });
});

/** Every letter as it is, or escaped in small or capital digits; some thousand of the 3^7 are enough. */
function writingsOf(word: string, escape: (hex: string) => string): string[] {
  return Array.from({ length: 300 }, (_, seed) =>
    Array.from(word)
      .map((letter, index) => {
        const choice = Math.floor((seed * 2_654_435_761) / 3 ** index) % 3;
        const letterCase = (seed >> index) & 1 ? letter.toUpperCase() : letter;
        return choice === 0 ? letterCase : escape(letterCase.charCodeAt(0).toString(16));
      })
      .join(""),
  );
}

describe("a method in the query", () => {
  test("is refused in every writing, wherever it stands", async () => {
    const names = [
      ...writingsOf("_method", (hex) => `%${hex}`),
      ...writingsOf("_method", (hex) => `%${hex.toUpperCase()}`),
      ...writingsOf("_method", (hex) => `%25${hex}`),
    ];
    const queries = names.flatMap((name, index) => {
      const forms = [
        `${name}=DELETE`,
        `a=b&${name}=PUT`,
        `a=b;${name}=PUT`,
        `a%26${name}=DELETE`,
        name,
        `${name}%3dDELETE`,
        `?${name}=DELETE`,
        `&&${name}=DELETE`,
      ];
      return [forms[index % forms.length] ?? "", forms[(index + 3) % forms.length] ?? ""];
    });
    expect(new Set(queries).size).toBeGreaterThan(400);
    for (let index = 0; index < queries.length; index += 50) {
      const batch = queries.slice(index, index + 50);
      const answers = await Promise.all(batch.map((query) => nginx.send(`GET /orthanc/instances?${query}`)));
      for (const [at, query] of batch.entries()) expect(answers[at]?.status, query).toBe(400);
    }
    expect(nginx.take()).toEqual([]);
  });

  test("is told from words that only contain it", async () => {
    const urls = ["/api/studies?my_method=1", "/api/studies?_methods=1", "/api/studies?a=_method"];
    for (const url of urls) expect((await nginx.send(`GET ${url}`)).status, url).toBe(200);
    expect(nginx.take().map(({ url }) => url)).toEqual(urls);
  });
});

describe("a request that two programs could cut in two ways", () => {
  const second = "GET /api/smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
  test.each([
    ["two lengths", ["Content-Length: 3", `Content-Length: ${second.length}`]],
    ["a length list", [`Content-Length: 3, ${second.length}`]],
    ["a signed length", [`Content-Length: +${second.length}`]],
    ["a length and chunks", ["Content-Length: 3", "Transfer-Encoding: chunked"]],
    ["chunks and a length", ["Transfer-Encoding: chunked", "Content-Length: 3"]],
    ["chunks twice", ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"]],
    ["chunks in disguise", ["Transfer-Encoding: xchunked"]],
    ["chunks after identity", ["Transfer-Encoding: identity, chunked"]],
    ["chunks behind a vertical tab", ["Transfer-Encoding: \x0bchunked"]],
    ["a blank before the colon", ["Content-Length : 3"]],
    ["a folded line", ["X-Folded: 1", " Transfer-Encoding: chunked"]],
    ["a folded line by tab", ["X-Folded: 1", "\tX-HTTP-Method-Override: DELETE"]],
    ["NUL in a value", ["X-Nul: a\0b"]],
    ["NUL in a name", ["X-N\0ul: a"]],
    ["two hosts", ["Host: evil.example.org"]],
  ])("with %s is refused, and nothing of it reaches anybody", async (_name, headers) => {
    const answer = await nginx.send("POST /api/studies", headers, second);
    expect([400, 501]).toContain(answer.status);
    expect(answer.body).not.toContain("answer of");
    expect(nginx.take()).toEqual([]);
  });

  test.each([
    ["an absolute target", "GET http://evil.example.org/api/studies HTTP/1.1\r\nHost: a\r\n\r\n"],
    [
      "an absolute target of another scheme",
      "GET https://evil.example.org/orthanc/ HTTP/1.1\r\nHost: a\r\n\r\n",
    ],
    ["an authority", "CONNECT evil.example.org:443 HTTP/1.1\r\nHost: a\r\n\r\n"],
    ["no version", "GET /api/studies\r\n"],
    ["version 0.9", "GET /api/studies HTTP/0.9\r\nHost: a\r\n\r\n"],
    ["version 2.0 over 1.1", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
    ["no host", "GET /api/studies HTTP/1.1\r\nConnection: close\r\n\r\n"],
    ["a host with a path", "GET /api/studies HTTP/1.1\r\nHost: a/../b\r\nConnection: close\r\n\r\n"],
    [
      "a lone line feed in a value",
      "GET /api/studies HTTP/1.1\r\nHost: a\r\nX: 1\rTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n",
    ],
    ["TRACE", "TRACE /api/studies HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"],
    ["a method of its own", "PROPFIND /orthanc/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"],
    ["a method in small letters", "delete /orthanc/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"],
  ])("%s is refused, and reaches nobody", async (_name, request) => {
    const { status, body } = await nginx.raw(request);
    expect([0, 400, 405]).toContain(status);
    expect(body).not.toContain("answer of");
    expect(nginx.take()).toEqual([]);
  });

  test.each(["GET", "HEAD", "DELETE", "OPTIONS"])(
    "a %s with a body is refused: it only asks",
    async (method) => {
      for (const path of ["/dicom-web/studies", "/api/studies", "/orthanc/instances"]) {
        const said = await nginx.send(`${method} ${path}`, ["Content-Length: 4"], "body");
        const chunked = await nginx.send(`${method} ${path}`, ["Transfer-Encoding: chunked"], "0\r\n\r\n");
        expect([said.status, chunked.status], path).toEqual([400, 400]);
        expect((await nginx.send(`${method} ${path}`, ["Content-Length: 0"])).status).toBe(200);
      }
      expect(nginx.take()).toHaveLength(3);
      for (const put of ["PUT", "PATCH"])
        expect((await nginx.send(`${put} /dicom-web/studies`, ["Content-Length: 4"], "body")).status).toBe(
          405,
        );
    },
  );

  test("a chunked body arrives as one, whatever hides in it", async () => {
    const chunk = `${second.length.toString(16)}\r\n${second}\r\n0\r\n\r\n`;
    const answer = await nginx.send("POST /api/studies", ["Transfer-Encoding: chunked"], chunk);
    expect(answer.status).toBe(200);
    expect(nginx.take()).toMatchObject([{ url: "/api/studies", body: second }]);
  });
});
