import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { request as httpsRequest } from "node:https";
import type { IncomingHttpHeaders } from "node:http";
import { connect, type SecureVersion } from "node:tls";
import { RecordedNginx } from "../stack/recorded-nginx.js";

const EMR = "https://emr.example.org";
let nginx: RecordedNginx;
let closed: RecordedNginx;

beforeAll(async () => {
  nginx = await RecordedNginx.start([EMR, "https://portal.example.org:8443"]);
  closed = await RecordedNginx.start();
});

afterAll(() => Promise.all([nginx.stop(), closed.stop()]));

beforeEach(() => void nginx.take());

const ask = (path: string, init: RequestInit = {}, of = nginx) => fetch(of.address + path, init);

describe("an answer", () => {
  test.each([
    "/",
    "/api/studies",
    "/dicom-web/studies",
    "/orthanc/system",
    "/nothing-here",
    "/api/..",
    "/assets/x",
  ])("at %s says what a browser may do with it", async (path) => {
    const { head } = await nginx.send(`GET ${path}`);
    expect(head).toMatch(/^X-Content-Type-Options: nosniff\r?$/m);
    expect(head).toMatch(/^Referrer-Policy: no-referrer\r?$/m);
    expect(head).toMatch(
      /^Content-Security-Policy: default-src 'self';.*object-src 'none'; base-uri 'none'/m,
    );
    expect(head).toMatch(/^Cross-Origin-Resource-Policy: (?:same|cross)-origin\r?$/m);
    expect(head).not.toMatch(/Strict-Transport-Security|Access-Control-Allow-Credentials/i);
  });

  test("may be framed by the EMRs that are named, Orthanc's pages by none of them", async () => {
    const policy = async (path: string, of = nginx) =>
      (await ask(path, {}, of)).headers.get("content-security-policy") ?? "";
    expect(await policy("/")).toContain(`frame-ancestors 'self' ${EMR} https://portal.example.org:8443`);
    expect(await policy("/orthanc/app/explorer.html")).toMatch(/frame-ancestors 'self'$/);
    expect(await policy("/", closed)).toMatch(/frame-ancestors 'self'$/);
  });
});

describe("a page on another origin", () => {
  const preflight = (path: string, origin: string, of = nginx) =>
    ask(
      path,
      {
        method: "OPTIONS",
        headers: {
          Origin: origin,
          "Access-Control-Request-Method": "PUT",
          "Access-Control-Request-Headers": "authorization",
        },
      },
      of,
    );

  test.each(["/api/studies", "/dicom-web/studies"])(
    "that is named may call %s, without the browser's credentials",
    async (path) => {
      const allowed = await preflight(path, EMR);
      expect(allowed.status).toBe(204);
      expect(allowed.headers.get("access-control-allow-origin")).toBe(EMR);
      expect(allowed.headers.get("access-control-allow-methods")).toContain("PUT");
      expect(allowed.headers.get("access-control-allow-headers")).toContain("Authorization");
      const answer = await ask(path, { headers: { Origin: EMR } });
      expect(answer.headers.get("access-control-allow-origin")).toBe(EMR);
      expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
      expect(answer.headers.get("access-control-expose-headers")).toMatch(
        /Content-Range.*Retry-After.*WWW-Authenticate/,
      );
      expect(answer.headers.get("vary")).toContain("Origin");
      // The preflight itself is nginx's to answer.
      expect(nginx.take().map(({ method }) => method)).toEqual(["GET"]);
    },
  );

  test.each([
    "https://evil.example.org",
    "https://emr.example.org.evil.org",
    "http://emr.example.org",
    "https://emr.example.org:444",
    "https://xemr.example.org",
    "null",
  ])("%s, which is not named, may not", async (origin) => {
    for (const path of ["/api/studies", "/dicom-web/studies"]) {
      for (const answer of [
        await preflight(path, origin),
        await ask(path, { headers: { Origin: origin } }),
      ]) {
        expect(answer.headers.get("access-control-allow-origin")).toBeNull();
        expect(answer.headers.get("access-control-allow-methods")).toBeNull();
      }
    }
  });

  test("may load the widgets' code, wherever it is; nothing else of ours, and nothing at all where none is named", async () => {
    for (const path of ["/widgets/x.js", "/assets/x.js"]) {
      const answer = await ask(path, { headers: { Origin: "https://anywhere.example.org" } });
      expect(answer.headers.get("access-control-allow-origin")).toBe("*");
      expect(answer.headers.get("cross-origin-resource-policy")).toBe("cross-origin");
    }
    for (const path of ["/orthanc/system", "/", "/metrics"])
      expect(
        (await ask(path, { headers: { Origin: EMR } })).headers.get("access-control-allow-origin"),
      ).toBeNull();
    expect(
      (await ask("/api/studies", { headers: { Origin: EMR } }, closed)).headers.get(
        "access-control-allow-origin",
      ),
    ).toBeNull();
  });
});

describe("TLS", () => {
  function handshake(
    version: SecureVersion,
    ciphers?: string,
  ): Promise<{ protocol: string | null; cipher: string }> {
    return new Promise((resolve, reject) => {
      const options = {
        host: "127.0.0.1",
        servername: "localhost",
        port: nginx.tlsPort,
        ca: nginx.certificate,
      };
      // Whatever this client's own floor is: it is the server that must refuse.
      const old = ciphers ?? (version === "TLSv1.3" ? undefined : "ALL:@SECLEVEL=0");
      const socket = connect(
        {
          ...options,
          minVersion: version,
          maxVersion: version,
          ...(old === undefined ? {} : { ciphers: old }),
        },
        () => {
          resolve({ protocol: socket.getProtocol(), cipher: socket.getCipher().name });
          socket.destroy();
        },
      );
      socket.on("error", reject);
    });
  }

  test("is spoken in 1.2 and 1.3 with forward secrecy, and in nothing older or weaker", async () => {
    expect(await handshake("TLSv1.3")).toMatchObject({ protocol: "TLSv1.3" });
    const { protocol, cipher } = await handshake("TLSv1.2");
    expect(protocol).toBe("TLSv1.2");
    expect(cipher).toMatch(/^ECDHE-.*(?:GCM|POLY1305)/);
    for (const version of ["TLSv1", "TLSv1.1"] as const) await expect(handshake(version)).rejects.toThrow();
    for (const weak of ["AES128-GCM-SHA256", "ECDHE-RSA-AES128-SHA", "NULL-SHA256:@SECLEVEL=0"])
      await expect(handshake("TLSv1.2", weak), weak).rejects.toThrow();
  });

  test("makes browsers stay with it, and is told to the hops behind", async () => {
    const headers = await new Promise<IncomingHttpHeaders>((resolve, reject) => {
      const options = {
        host: "127.0.0.1",
        port: nginx.tlsPort,
        path: "/dicom-web/studies?to-orthanc",
        ca: nginx.certificate,
        servername: "localhost",
      };
      httpsRequest(options, (response) => {
        response.resume();
        resolve(response.headers);
      })
        .on("error", reject)
        .end();
    });
    expect(headers["strict-transport-security"]).toBe("max-age=31536000");
    const [asked, handedOn] = nginx.take().slice(-2);
    expect(asked?.headers["x-forwarded-proto"]).toBe("https");
    expect(handedOn?.headers.forwarded).toMatch(/proto=https$/);
  });
});
