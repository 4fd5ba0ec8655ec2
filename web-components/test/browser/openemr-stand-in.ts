import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SOURCE = fileURLToPath(new URL("../../../openemr-module/", import.meta.url));
const MODULE = "interface/modules/custom_modules/oe-module-neuronova";

/** The stand-in of OpenEMR with the module installed, served by PHP on an origin of its own. */
export class OpenEmrStandIn {
  private process: ChildProcess | undefined;

  private constructor(
    readonly origin: string,
    private readonly directory: string,
  ) {}

  static async install(): Promise<OpenEmrStandIn> {
    const directory = await mkdtemp(join(tmpdir(), "openemr-"));
    const root = join(directory, "htdocs");
    await cp(join(SOURCE, "test/stand-in"), root, { recursive: true });
    await mkdir(join(root, MODULE), { recursive: true });
    await cp(join(SOURCE, "oe-module-neuronova"), join(root, MODULE), { recursive: true });
    return new OpenEmrStandIn(`http://127.0.0.1:${await freePort()}`, directory);
  }

  /** @param neuronova address its pages may talk to */
  async start(neuronova: string): Promise<void> {
    const { host } = new URL(this.origin);
    this.process = spawn("php", ["-S", host, "-t", join(this.directory, "htdocs")], {
      env: {
        ...process.env,
        PHP_CLI_SERVER_WORKERS: "4",
        STAND_IN_DATABASE: join(this.directory, "openemr.sqlite"),
        STAND_IN_NEURONOVA: neuronova,
      },
      stdio: "ignore",
      // Its workers are killed with it.
      detached: true,
    });
    for (;;) {
      if (this.process.exitCode !== null) throw new Error("PHP's server has ended");
      const answer = await fetch(`${this.origin}/interface/globals.php`).catch(() => undefined);
      if (answer !== undefined) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async restart(neuronova: string): Promise<void> {
    await this.end();
    await this.start(neuronova);
  }

  async stop(): Promise<void> {
    await this.end();
    await rm(this.directory, { recursive: true, force: true });
  }

  private async end(): Promise<void> {
    const ended = this.process;
    if (ended?.pid === undefined || ended.exitCode !== null) return;
    const exit = once(ended, "exit");
    process.kill(-ended.pid, "SIGKILL");
    await exit;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
