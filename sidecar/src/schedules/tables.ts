import { LOOPS, type Loop } from "./loops.js";
import { SCHEDULES, type Schedule } from "./schedule.js";

const HOUR_MINUTES = 60;

/** The tables of docs/schedules.md, in Markdown. */
export function schedulesTables(): string {
  return [
    "## Once in a while",
    "",
    "| schedule | due (UTC) | heavy | what it does |",
    "| --- | --- | --- | --- |",
    ...SCHEDULES.map(
      (schedule) =>
        `| \`${schedule.name}\` | ${due(schedule)} | ${schedule.heavy ? "yes" : "no"} | ${schedule.does} |`,
    ),
    "",
    "## Again and again",
    "",
    "| loop | after | by | what it does |",
    "| --- | --- | --- | --- |",
    ...Object.entries<Loop>(LOOPS).map(
      ([name, loop]) => `| \`${name}\` | ${pause(loop)} | ${who(loop)} | ${loop.does} |`,
    ),
  ].join("\n");
}

function due({ everyMinutes, atMinute }: Schedule): string {
  const hour = Math.floor(atMinute / HOUR_MINUTES);
  const minute = String(atMinute % HOUR_MINUTES).padStart(2, "0");
  if (everyMinutes === HOUR_MINUTES) return `hourly at :${minute}`;
  const from = `${String(hour).padStart(2, "0")}:${minute}`;
  const hours = everyMinutes / HOUR_MINUTES;
  return hours === 24 ? `daily at ${from}` : `every ${hours} hours from ${from}`;
}

function pause({ milliseconds }: Loop): string {
  if (typeof milliseconds === "string") return `\`${milliseconds}\``;
  return milliseconds < 1_000 ? `${milliseconds} ms` : `${milliseconds / 1_000} s`;
}

function who({ in: where }: Loop): string {
  const [count, role] = where.split(" ");
  if (role === "process") return "each process";
  return count === "one" ? `one ${role} process of all` : `each ${role} process`;
}
