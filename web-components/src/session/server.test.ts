import { expect, test } from "vitest";
import { addressOf, serverUrl } from "./server.js";

const SCRIPT = "https://hub.example.org/widgets/neuronova.js";

test("the server is where the script came from, or what the page names", () => {
  expect(addressOf(undefined, "https://emr.example.org/chart", SCRIPT)).toBe("https://hub.example.org");
  expect(addressOf("https://other.example.org/", "https://emr.example.org/chart", SCRIPT)).toBe(
    "https://other.example.org",
  );
  expect(addressOf("/imaging/", "https://emr.example.org/chart", SCRIPT)).toBe(
    "https://emr.example.org/imaging",
  );
  expect(() => addressOf("data:,", "https://emr.example.org/", SCRIPT)).toThrow("https address");
});

test("a token goes to its server alone", () => {
  const server = "https://hub.example.org";
  expect(serverUrl("/api/studies", server)).toBe("https://hub.example.org/api/studies");
  expect(serverUrl("https://hub.example.org/dicom-web/x", server)).toBe(
    "https://hub.example.org/dicom-web/x",
  );
  for (const elsewhere of [
    "https://elsewhere.example/",
    "//elsewhere.example/",
    "https://hub.example.org.elsewhere.example/",
  ])
    expect(() => serverUrl(elsewhere, server), elsewhere).toThrow("own server only");
});
