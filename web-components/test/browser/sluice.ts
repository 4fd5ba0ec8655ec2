import type { Page, Route } from "playwright-core";

/** Holds back some requests of a page for as long as it is shut. */
export class Sluice {
  private gate: Promise<void> = Promise.resolve();
  private lift: () => void = () => undefined;
  private readonly held = new Set<Promise<void>>();
  private arrived: () => void = () => undefined;
  private readonly arrival = new Promise<void>((resolve) => (this.arrived = resolve));

  /** @param passing called with each request before it is held or goes on */
  static async on(
    page: Page,
    pattern: string,
    passing: (route: Route) => Promise<void> | void = () => undefined,
  ): Promise<Sluice> {
    const sluice = new Sluice();
    await page.route(pattern, async (route) => {
      sluice.arrived();
      const passed = sluice.pass(route, passing);
      sluice.held.add(passed);
      await passed.finally(() => sluice.held.delete(passed));
    });
    return sluice;
  }

  shut(): void {
    this.gate = new Promise((resolve) => (this.lift = resolve));
  }

  /** Done when what was held is on its way. */
  async open(): Promise<void> {
    this.lift();
    await Promise.all(this.held);
  }

  /** Done when the first request has come to it. */
  reached(): Promise<void> {
    return this.arrival;
  }

  private async pass(route: Route, passing: (route: Route) => Promise<void> | void): Promise<void> {
    await passing(route);
    await this.gate;
    // One that the page has given up meanwhile goes nowhere.
    await route.continue().catch(() => undefined);
  }
}
