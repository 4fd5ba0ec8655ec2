import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { People } from "../stack/people.js";
import { RunningStack } from "../stack/running-stack.js";

let stack: RunningStack;
let people: People;

beforeAll(async () => {
  stack = await RunningStack.start();
  people = new People(stack);
});

afterAll(() => stack.stop());

async function enter(token: string): Promise<{ status: number; cookie: string; attributes: string }> {
  const { status, headers } = await people.call(token, "POST", "/api/auth/orthanc-session");
  const [cookie = "", ...attributes] = (headers.get("set-cookie") ?? "").split("; ");
  return { status, cookie, attributes: attributes.join("; ") };
}

function explore(cookie: string, method: string, path: string, headers: Record<string, string> = {}) {
  return fetch(`${stack.local.address}/orthanc${path}`, {
    method,
    redirect: "manual",
    headers: { ...(cookie === "" ? {} : { Cookie: cookie }), ...headers },
  });
}

describe("Orthanc Explorer", () => {
  test("opens to an administrator's browser by a cookie that no script reads and no other site sends", async () => {
    const { status, cookie, attributes } = await enter(await stack.token());
    expect(status).toBe(200);
    for (const attribute of ["Path=/orthanc/", "HttpOnly", "Secure", "SameSite=Strict"])
      expect(attributes).toContain(attribute);
    const page = await explore(cookie, "GET", "/app/explorer.html");
    expect(page.status).toBe(200);
    expect(await page.text()).toContain("Orthanc Explorer");
    expect((await explore(cookie, "GET", "/system")).status).toBe(200);
    // It is good for Orthanc Explorer and nothing else.
    for (const path of ["/api/studies", "/dicom-web/studies"])
      expect((await fetch(stack.local.address + path, { headers: { Cookie: cookie } })).status).toBe(401);
  });

  test("changes something only for its own pages", async () => {
    const { cookie } = await enter(await stack.token());
    const { origin } = new URL(stack.local.address);
    const change = (headers: Record<string, string>) =>
      explore(cookie, "DELETE", "/studies/4d0a448c-a975d39a-25bd8383-a3755506-20068caa", headers);
    expect((await change({ Origin: origin, "Sec-Fetch-Site": "same-origin" })).status).toBe(404);
    expect((await change({ Origin: origin })).status).toBe(404);
    for (const headers of [
      {},
      { Origin: "https://elsewhere.example" },
      { Origin: "null" },
      { "Sec-Fetch-Site": "cross-site" },
      { "Sec-Fetch-Site": "same-site", Origin: origin },
      { "Sec-Fetch-Site": "none" },
    ] as Record<string, string>[])
      expect((await change(headers)).status, JSON.stringify(headers)).toBe(403);
  });

  test("is closed to every other role and to administrators of some studies", async () => {
    for (const role of ["doctor", "radiologist", "technologist", "nurse", "lab", "external"])
      expect((await enter(await people.token(`some-${role}`, role, { labels: ["*"] }))).status, role).toBe(
        403,
      );
    const some = await people.token("ward-admin", "admin", { labels: ["ward-1"] });
    expect((await enter(some)).status).toBe(403);
    expect((await explore(`neuronova_explorer=${some}`, "GET", "/system")).status).toBe(403);
  });

  test("leads a browser without a session to the login, and tells a program", async () => {
    const browser = await explore("", "GET", "/app/explorer.html?x=1", { Accept: "text/html,*/*" });
    expect(browser.status).toBe(302);
    expect(browser.headers.get("location")).toBe("/?continue=%2Forthanc%2Fapp%2Fexplorer.html");
    expect((await explore("", "GET", "/system", { Accept: "application/json" })).status).toBe(401);
    expect((await explore("neuronova_explorer=nonsense", "GET", "/system")).status).toBe(401);
  });

  test("closes when the login it came from ends", async () => {
    await people.create("pacs", "admin", { labels: ["*"] });
    const session = await people.logIn("pacs");
    const { cookie } = await enter(session.accessToken);
    expect((await explore(cookie, "GET", "/system")).status).toBe(200);
    await people.call(undefined, "POST", "/api/auth/logout", { refreshToken: session.refreshToken });
    expect((await explore(cookie, "GET", "/system")).status).toBe(401);
  });

  test("2 has buttons at a study that lead to our viewer, to OHIF and to running a model", async () => {
    const file = new URL("../../../orthanc-config/orthanc-explorer-2.json", import.meta.url);
    const { OrthancExplorer2 } = JSON.parse(await readFile(file, "utf8")) as {
      OrthancExplorer2: { UiOptions: { CustomButtons: { study: { HttpMethod: string; Url: string }[] } } };
    };
    const { study } = OrthancExplorer2.UiOptions.CustomButtons;
    expect(study.map(({ HttpMethod }) => HttpMethod)).toEqual(["GET", "GET", "GET"]);
    expect(study.map(({ Url }) => Url)).toContain("/viewer/{StudyInstanceUID}#run-model");
    for (const { Url } of study) {
      // Its pages are below /orthanc/ui/app/, and it puts the attribute's value for its keyword.
      const address = new URL(
        Url.replace("{StudyInstanceUID}", "1.2.840.1"),
        `${stack.local.address}/orthanc/ui/app/`,
      );
      const page = await fetch(address, { headers: { Accept: "text/html" } });
      expect(page.status, Url).toBe(200);
      expect(await page.text(), Url).toContain("<!doctype html>");
      expect(Url.includes("ohif") || address.pathname === "/viewer/1.2.840.1").toBe(true);
    }
  });
});
