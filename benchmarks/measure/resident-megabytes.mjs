import { readFileSync } from "node:fs";

/**
 * Memory of a process that is in use now (proc(5), VmRSS).
 *
 * @param {number} pid
 */
export function residentMegabytes(pid) {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes) / 1_024;
}
