import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fetchAuthorized } from "./http.js";

const HUB = "https://hub.example.org";
const sent: string[] = [];

beforeEach(() => {
  sent.length = 0;
  vi.stubGlobal("document", { baseURI: HUB, querySelector: () => ({ content: HUB }) });
});

afterEach(() => vi.unstubAllGlobals());

/** A server that takes these tokens alone. */
function serverFor(...good: readonly string[]): void {
  vi.stubGlobal("fetch", (_url: string, { headers }: { headers: Headers }) => {
    const token = headers.get("Authorization")?.replace("Bearer ", "") ?? "";
    sent.push(token);
    return Promise.resolve(new Response(null, { status: good.includes(token) ? 204 : 401 }));
  });
}

test("a request whose token is refused is sent once more with a new one", async () => {
  serverFor("second");
  const reasons: string[] = [];
  const provider = (reason: string) => {
    reasons.push(reason);
    return Promise.resolve(reason === "refused" ? "second" : "first");
  };
  expect((await fetchAuthorized("/api/studies", provider)).status).toBe(204);
  expect(sent).toEqual(["first", "second"]);
  expect(reasons).toEqual(["initial", "refused"]);
});

test("a second refusal is the answer", async () => {
  serverFor();
  let asked = 0;
  const provider = () => Promise.resolve(`token ${++asked}`);
  expect((await fetchAuthorized("/api/studies", provider)).status).toBe(401);
  expect(sent).toEqual(["token 1", "token 2"]);
});
