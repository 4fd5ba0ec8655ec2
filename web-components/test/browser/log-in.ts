import type { Page } from "playwright-core";
import type { RunningStack } from "../../../sidecar/test/stack/running-stack.js";

/** Logs in as the doctor on the page that is open: the workspace, or whatever leads to its login. */
export async function logInAsDoctor(page: Page, stack: RunningStack): Promise<void> {
  await page.fill("input[name=username]", "doctor");
  await page.fill("input[name=password]", stack.local.secrets.doctorPassword);
  await page.click("button[type=submit]");
}
