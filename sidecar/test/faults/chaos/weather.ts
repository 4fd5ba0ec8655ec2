import { setTimeout as pause } from "node:timers/promises";
import type { CuttingProxy } from "../../stack/cutting-proxy.js";
import type { Fault, FaultyProxy } from "../../stack/faulty-proxy.js";
import type { RunningStack } from "../../stack/running-stack.js";
import type { Dice } from "./dice.js";
import type { SmallDisk } from "./small-disk.js";

/** An hour by hand: docs/testing.md. */
export const SECONDS = Number(process.env["NEURONOVA_CHAOS_SECONDS"] ?? 60);
/** The supervision gives a process up that dies five times within 30 s, as an installation's would. */
const BETWEEN_KILLS_OF_ONE_MILLISECONDS = 9_000;
const BETWEEN_EVENTS_MILLISECONDS = [800, 3_000] as const;
const LASTING_MILLISECONDS = [500, 5_000] as const;
const FHIR_FAULTS: readonly Fault[] = [
  "mixed",
  "latency",
  "reset-before",
  "reset-after",
  "error-500",
  "busy-429",
  "half-open",
];

export interface Sky {
  readonly stack: RunningStack;
  readonly orthanc: CuttingProxy;
  readonly fhir: FaultyProxy;
  readonly disk: SmallDisk;
}

/**
 * Kills and pauses processes, cuts connections, breaks the FHIR server's answers and fills Orthanc's disk, as the dice
 * fall, until the time is over. When it ends everything is there again.
 * @returns what happened, in order
 */
export async function storm(
  { stack, orthanc, fhir, disk }: Sky,
  dice: Dice,
  until: number,
): Promise<string[]> {
  const log: string[] = [];
  const processes = stack.local.processes;
  const killedAt = new Map<string, number>();
  const lasting = () => dice.between(...LASTING_MILLISECONDS);
  const events = {
    kill() {
      const name = dice.of(Object.keys(processes));
      if (Date.now() - (killedAt.get(name) ?? 0) < BETWEEN_KILLS_OF_ONE_MILLISECONDS) return "";
      killedAt.set(name, Date.now());
      processes[name]?.kill("SIGKILL");
      return name;
    },
    async pause() {
      const name = dice.of(Object.keys(processes));
      const pid = processes[name]?.pid;
      if (pid === undefined) return "";
      signal(pid, "SIGSTOP");
      await pause(lasting());
      signal(pid, "SIGCONT");
      return name;
    },
    cut() {
      orthanc.cut();
      return "connections to orthanc";
    },
    async fhir() {
      fhir.fault = dice.of(FHIR_FAULTS);
      await pause(lasting());
      const was = fhir.fault;
      fhir.fault = "none";
      fhir.dropConnections();
      return was;
    },
    async disk() {
      await disk.fill();
      await pause(lasting());
      await disk.free();
      return "full";
    },
  } as const;
  while (Date.now() < until) {
    const kind = dice.of(["kill", "kill", "kill", "pause", "pause", "cut", "fhir", "disk"] as const);
    const what = await events[kind]();
    if (what !== "") log.push(`${kind} ${what}`);
    await pause(dice.between(...BETWEEN_EVENTS_MILLISECONDS));
  }
  await Promise.all(Object.values(processes).map((process) => process.waitUntilReady()));
  return log;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // Killed meanwhile.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
