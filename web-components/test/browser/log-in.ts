import type { Page } from "playwright-core";
import type { RunningStack } from "../../../sidecar/test/stack/running-stack.js";

/** Logs in on the page that is open: the workspace, or whatever leads to its login. */
export async function logIn(page: Page, username: string, password: string): Promise<void> {
  await page.fill("input[name=username]", username);
  await page.fill("input[name=password]", password);
  await page.click("button[type=submit]");
}

export function logInAsDoctor(page: Page, stack: RunningStack): Promise<void> {
  return logIn(page, "doctor", stack.local.secrets.doctorPassword);
}
