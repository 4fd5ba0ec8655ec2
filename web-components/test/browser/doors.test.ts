import { afterAll, beforeAll, expect, test } from "vitest";
import { createDemoStudy } from "../../../sidecar/src/phantom/demo-study.js";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { Chromium } from "./chromium.js";
import { logIn } from "./log-in.js";

/** The ways into the page that are not the login form: Orthanc Explorer's detour, and a share link. */
let stack: RunningStack;
const files = createDemoStudy({ slices: 4 });
const study = files[0]?.studyInstanceUid ?? "";

beforeAll(async () => {
  stack = await RunningStack.start();
  const events = await stack.events();
  await stack.storeOverDicom(files);
  await events.until("renditions", () => events.of("instance.rendered").length >= files.length);
  events.close();
});

afterAll(() => stack.stop());

test("an administrator who asks for Orthanc Explorer logs in and is led there; a doctor stays outside", async () => {
  const browser = await Chromium.launch("en-US");
  try {
    const page = await browser.page();
    await page.goto(`${stack.local.address}/orthanc/app/explorer.html`);
    await logIn(page, "admin", stack.local.secrets.adminPassword);
    await page.waitForURL("**/orthanc/app/explorer.html");
    await page.getByText("Lookup studies").first().waitFor();
    await Chromium.screenshot(page, "orthanc-explorer");

    const inside = await page.evaluate(
      async () => (await fetch("/orthanc/studies")).json() as Promise<string[]>,
    );
    expect(inside).toHaveLength(1);
    await page.goto(`${stack.local.address}/`);
    await page.getByRole("button", { name: "Orthanc Explorer" }).waitFor();
    await page.getByRole("button", { name: "Log out" }).click();
    await page.locator("input[name=username]").waitFor();
    await page.goto(`${stack.local.address}/?continue=/orthanc/app/explorer.html`);
    await logIn(page, "doctor", stack.local.secrets.doctorPassword);
    await page.locator("tr[data-study]").waitFor();
    expect(new URL(page.url()).pathname).toBe("/");
    expect(await page.getByRole("button", { name: "Orthanc Explorer" }).count()).toBe(0);
  } finally {
    await browser.close();
  }
});

test("an address that is not Orthanc's is not gone on to", async () => {
  const browser = await Chromium.launch("en-US");
  try {
    const page = await browser.page();
    for (const wanted of ["https://elsewhere.example/", "//elsewhere.example", "/orthanc/../api/auth/me"]) {
      await page.goto(`${stack.local.address}/?continue=${encodeURIComponent(wanted)}`);
      if ((await page.locator("input[name=username]").count()) > 0 || wanted.startsWith("https"))
        await logIn(page, "admin", stack.local.secrets.adminPassword);
      await page.locator("tr[data-study]").waitFor();
      expect(new URL(page.url()).origin).toBe(stack.local.address);
      expect(new URL(page.url()).pathname).toBe("/");
    }
  } finally {
    await browser.close();
  }
});

test("a share link opens the study without an account, and leaves no token in the address", async () => {
  const minted = await stack.fetch("/api/share-links", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ studyInstanceUids: [study], expiresAt: new Date(Date.now() + 3_600_000) }),
  });
  const { url, token } = (await minted.json()) as { url: string; token: string };
  const browser = await Chromium.launch();
  try {
    const page = await browser.page();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url(), request.headers()["referer"] ?? ""));
    await page.goto(url);
    await page.waitForFunction(() => {
      const workspace = document.querySelector("neuronova-workspace");
      const viewer = workspace?.shadowRoot?.querySelector("neuronova-viewer");
      return (viewer as { imageOnScreen?: object } | null)?.imageOnScreen !== undefined;
    });
    await Chromium.screenshot(page, "share-link");
    expect(page.url()).toBe(`${stack.local.address}/share`);
    expect(asked.filter((address) => address.includes(token))).toEqual([]);
  } finally {
    await browser.close();
  }
});
