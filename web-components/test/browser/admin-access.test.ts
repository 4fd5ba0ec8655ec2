import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ClientProgram } from "../../../sidecar/test/stack/client-program.js";
import { People, imageOf, studyPath, until } from "../../../sidecar/test/stack/people.js";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { violations } from "./axe.js";
import { Chromium } from "./chromium.js";
import { logIn } from "./log-in.js";

/** What an administrator does on the page at `/admin` about other programs and access out of somebody's reach. */
let stack: RunningStack;
let people: People;
let browser: Chromium;
let page: Page;
const his = imageOf(42, "ADMIN-ACCESS", "Access^Admin");

beforeAll(async () => {
  stack = await RunningStack.start({ settings: { NEURONOVA_STABLE_AFTER_SECONDS: "3600" } });
  people = new People(stack);
  await people.store(his.bytes);
  browser = await Chromium.launch("en-US");
  page = await browser.page();
  await page.goto(`${stack.local.address}/admin/clients`);
  await logIn(page, "admin", stack.local.secrets.adminPassword);
});

afterAll(async () => {
  await browser.close();
  await stack.stop();
});

const show = (section: string) =>
  page.getByRole("navigation").getByRole("link", { name: section, exact: true }).click();
const inKorean = async (name: string) => {
  await page.getByRole("button", { name: "한국어" }).click();
  await Chromium.screenshot(page, `${name}-ko`);
  await page.getByRole("button", { name: "English" }).click();
};

describe("OAuth clients", () => {
  const client = () => page.locator('[data-client="back-end"]');
  const fill = async (clientId: string) => {
    await page.getByLabel("Client identifier").fill(clientId);
    await page.getByLabel("Name", { exact: true }).fill("Back end");
    await page.getByLabel("Permissions").fill("view, download");
  };
  let program: ClientProgram;

  test("what is no JSON is said to be none, and is not sent", async () => {
    await page.getByText("There are no OAuth clients.").waitFor();
    await page.getByText("New OAuth client").click();
    await fill("back-end");
    const keys = page.getByLabel("JSON Web Key Set");
    await keys.fill("{keys");
    await page.getByRole("button", { name: "Register" }).click();
    expect(await keys.evaluate((area: HTMLTextAreaElement) => area.validationMessage)).toBe(
      "This is not JSON.",
    );
    expect((await stack.json<{ clients: unknown[] }>("/api/clients")).clients).toEqual([]);
  });

  test("a client is registered with its public key, and gets a token", async () => {
    program = await ClientProgram.create("ES384", "back-end", stack.local.address);
    await page.getByLabel("JSON Web Key Set").fill(JSON.stringify({ keys: [program.jwk] }));
    await page.getByRole("button", { name: "Register" }).click();
    await page.getByText("back-end was registered.").waitFor();
    await client().getByText("In force").waitFor();
    expect(await client().innerText()).toContain("Public keys: one");
    const { status, body } = await program.token();
    expect(status).toBe(200);
    expect((await people.call(body["access_token"], "GET", `${studyPath(his)}/metadata`)).status).toBe(200);
  });

  test("an identifier that is taken is refused in words, with keys at an address too", async () => {
    await fill("back-end");
    await page.getByRole("combobox", { name: /^Public keys/ }).selectOption("address");
    await page.getByLabel("Address of the key set").fill("https://emr.example.org/jwks.json");
    await page.getByRole("button", { name: "Register" }).click();
    await page.getByRole("alert").getByText("The identifier is or was in use").waitFor();
    await page.getByLabel("Client identifier").fill("elsewhere");
    await page.getByRole("button", { name: "Register" }).click();
    await page.locator('[data-client="elsewhere"]').getByText("https://emr.example.org/jwks.json").waitFor();
    await Chromium.screenshot(page, "admin-clients-en");
    await inKorean("admin-clients");
    await page.getByText("New OAuth client").click();
  });

  test("one that is revoked gets no token any more, by the second press only", async () => {
    const { body } = await program.token();
    await client().getByRole("button", { name: "Revoke back-end" }).click();
    expect((await program.token()).status).toBe(200);
    await client().getByRole("button", { name: "Revoke", exact: true }).press("Enter");
    await client().getByText("Revoked").waitFor();
    await until(401, () => people.call(body["access_token"], "GET", `${studyPath(his)}/metadata`), 5);
    expect((await program.token()).status).toBe(401);
    expect(await violations(page)).toEqual([]);
  });
});

describe("break-glass access", () => {
  const metadata = (token: string) => people.call(token, "GET", `${studyPath(his)}/metadata`);
  let doctor: string;
  let id: number;
  const access = () => page.locator(`[data-access="${id}"]`);

  test("shows who asked, for what and why, and ends one that is in force", async () => {
    await show("Break-glass access");
    await page.getByText("Nobody has asked for access out of their reach.").waitFor();
    doctor = await people.token("emergency", "doctor", { labels: ["none"], displayName: "Dr Emergency" });
    const asked = await people.call<{ id: number }>(doctor, "POST", "/api/break-glass", {
      studyInstanceUid: his.studyInstanceUid,
      reason: "unconscious in the emergency room",
    });
    ({ id } = asked.body);
    await people.call(doctor, "POST", "/api/break-glass", {
      patient: { patientId: "SOMEBODY-ELSE" },
      reason: "the second of the accident",
    });
    expect((await metadata(doctor)).status).toBe(200);
    await show("Users");
    await show("Break-glass access");
    for (const text of ["Dr Emergency", "unconscious in the emergency room", his.studyInstanceUid])
      await access().getByText(text).waitFor();
    await access().getByText("In force").waitFor();
    await page.getByText("All studies of one patient").waitFor();
    await Chromium.screenshot(page, "admin-break-glass-en");
    await access().getByRole("button", { name: "End the access of Dr Emergency" }).click();
    expect((await metadata(doctor)).status).toBe(200);
    await access().getByRole("button", { name: "End", exact: true }).press("Enter");
    await access()
      .getByText(/^Ended by account:/)
      .waitFor();
    await until(403, () => metadata(doctor), 5);
  });

  test("is acknowledged with what was found, and is then not among the open ones", async () => {
    await access().getByRole("button", { name: "Acknowledge the access of Dr Emergency" }).press("Enter");
    await access().getByLabel("What you found").fill("was on duty");
    expect(await violations(page)).toEqual([]);
    await inKorean("admin-break-glass");
    await access().locator("form").getByRole("button", { name: "Acknowledge" }).click();
    await access().getByText("was on duty").waitFor();
    const [row] = (await stack.sql(`SELECT acknowledgement FROM break_glass WHERE id = ${id}`)) as {
      acknowledgement: string;
    }[];
    expect(row).toEqual({ acknowledgement: "was on duty" });
    await page.getByLabel("Only what nobody has looked into").check();
    await expect.poll(() => page.locator("[data-access]").count()).toBe(1);
    expect(await access().count()).toBe(0);
  });

  test("of one's own is somebody else's to look into", async () => {
    await stack.sql(`UPDATE break_glass SET subject = (SELECT ended_by FROM (SELECT * FROM break_glass) AS other
      WHERE id = ${id}) WHERE id <> ${id}`);
    await page.getByRole("button", { name: "Acknowledge the access" }).click();
    await page.getByLabel("What you found").fill("all was well");
    await page.locator("form").getByRole("button", { name: "Acknowledge" }).click();
    await page.getByRole("alert").getByText("Somebody else has to look into your access.").waitFor();
  });
});

test("nothing was complained of", () => {
  expect(browser.complaints.filter((complaint) => !/40[0-9]/.test(complaint))).toEqual([]);
});
