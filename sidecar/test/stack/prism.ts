import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const PRISM = createRequire(import.meta.url).resolve("@stoplight/prism-cli/dist/index.js");

/** Prism: answers as an OpenAPI description says, and refuses requests that do not fit it. */
export class Prism {
  private constructor(
    readonly address: string,
    private readonly child: ChildProcess,
  ) {}

  static async start(description: string): Promise<Prism> {
    // --errors: a request that does not fit is refused, instead of answered anyway.
    const child = spawn(
      process.execPath,
      [PRISM, "mock", "--errors", "--dynamic", "--port", "0", description],
      {
        stdio: ["ignore", "pipe", "inherit"],
        env: { PATH: process.env["PATH"] ?? "", SCARF_ANALYTICS: "false" },
      },
    );
    for await (const line of createInterface({ input: child.stdout })) {
      const address = /listening on (http:\/\/\S+?:\d+)/.exec(line)?.[1];
      if (address === undefined) continue;
      child.stdout.resume();
      return new Prism(address, child);
    }
    throw new Error("Prism ended before it listened");
  }

  async stop(): Promise<void> {
    this.child.kill();
    if (this.child.exitCode === null) await once(this.child, "exit");
  }
}
