import { closeSync, fstatSync, openSync, readSync } from "node:fs";

const LONGEST_TAIL_BYTES = 4_000;

/**
 * @param {string} path
 * @param {number} [lines]
 * @returns {string} the last lines of a log file, or why there are none
 */
export function readLogTail(path, lines = 20) {
  let file;
  try {
    file = openSync(path, "r");
  } catch (error) {
    return `(no log: ${error instanceof Error ? error.message : String(error)})`;
  }
  const size = fstatSync(file).size;
  const tail = Buffer.alloc(Math.min(size, LONGEST_TAIL_BYTES));
  readSync(file, tail, 0, tail.length, size - tail.length);
  closeSync(file);
  const text = tail.toString("utf8").trimEnd().split("\n").slice(-lines).join("\n");
  return text === "" ? "(empty)" : text;
}
