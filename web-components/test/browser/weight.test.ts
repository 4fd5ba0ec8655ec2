import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDemoStudy } from "../../../sidecar/src/phantom/demo-study.js";
import { RunningStack } from "../../../sidecar/test/stack/running-stack.js";
import { Chromium } from "./chromium.js";
import { logInAsDoctor } from "./log-in.js";
import { until } from "./viewer-page.js";

/** What a browser fetches, by nginx's own log: it sees the requests of workers, too. */
let stack: RunningStack;
const files = createDemoStudy({ seed: 61, slices: 2, rows: 64, columns: 64 });
const study = files[0]?.studyInstanceUid ?? "";

beforeAll(async () => {
  stack = await RunningStack.start({ sidecarProcesses: [["api", "transcoding", "delivery"]] });
  const events = await stack.events();
  await stack.storeOverDicom(files);
  await events.until("renditions", () => events.of("instance.rendered").length >= files.length);
  events.close();
});

afterAll(() => stack.stop());

/** Names of the built files that were asked for so far, without their hashes. */
async function fetched(): Promise<string[]> {
  const log = await readFile(join(stack.local.logs, "nginx-access.log"), "utf8");
  return [...log.matchAll(/ GET \/assets\/([\w.]+?)(?:-[\w-]{8})?\.(js|wasm) 200 /g)].map(
    ([, name = "", kind = ""]) => `${name}.${kind}`,
  );
}

test("the list comes without the viewer, its engine and any codec; an image with the codec it is in, and no other", async () => {
  const browser = await Chromium.launch();
  try {
    const page = await browser.page();
    await page.goto(`${stack.local.address}/`);
    await logInAsDoctor(page, stack);
    await page.locator("tr[data-study]").waitFor();
    const forList = await fetched();
    expect(forList.length).toBeGreaterThan(0);
    expect(
      forList.filter((name) => /^(?:viewer|stage|admin)\./.test(name) || name.endsWith(".wasm")),
    ).toEqual([]);
    await page.locator("tr[data-study] .open").first().click();
    await until(page, (viewer) => viewer.imageOnScreen?.complete === true);
    expect(
      await page
        .locator("neuronova-viewer")
        .evaluate(
          (viewer) =>
            (viewer as unknown as { imageOnScreen: { transferSyntaxUid: string } }).imageOnScreen
              .transferSyntaxUid,
        ),
    ).toBe("1.2.840.10008.1.2.4.202");
    const all = await fetched();
    expect(all).toContain("viewer.js");
    expect(all).toContain("stage.js");
    expect(all).not.toContain("admin.js");
    expect([...new Set(all.filter((name) => name.endsWith(".wasm")))]).toEqual(["openjphjs.wasm"]);
    expect(page.url()).toContain(study);
  } finally {
    await browser.close();
  }
});

test("a viewer in a page's own shadow root is found, too, once the page is idle", async () => {
  const browser = await Chromium.launch();
  try {
    const page = await browser.page();
    await page.goto(`${stack.local.address}/`);
    await page.addScriptTag({ url: "/widgets/neuronova.js", type: "module" });
    const token = await stack.token("doctor");
    const found = await page.evaluate(
      async ([access, uid]) => {
        const viewer = document.createElement("neuronova-viewer");
        Object.assign(viewer, { tokenProvider: () => Promise.resolve(access), study: uid });
        // In a shadow root, where no observer of the document sees it.
        const host = document.createElement("div");
        host.attachShadow({ mode: "open" }).append(viewer);
        document.body.replaceChildren(host);
        await customElements.whenDefined("neuronova-viewer");
        await customElements.whenDefined("neuronova-job-monitor");
        return viewer.shadowRoot !== null;
      },
      [token, study] as const,
    );
    expect(found).toBe(true);
  } finally {
    await browser.close();
  }
});
