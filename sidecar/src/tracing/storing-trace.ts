import type { OrthancId } from "../dicom/uid.js";
import { readTraceparent, type TraceContext } from "./trace-context.js";

/**
 * The trace that begins when Orthanc stores an instance, and the span that stands for the storing. Both are taken from
 * the instance's Orthanc id, a SHA-1: whoever finds the instance first, told by Lua or not, continues the same trace.
 * `lua-scripts/instance-stored.lua` says the same.
 */
export function storingTrace(orthancId: OrthancId): TraceContext | undefined {
  const digits = orthancId.replaceAll("-", "");
  return readTraceparent(`00-${digits.slice(0, 32)}-${digits.slice(32)}${digits.slice(0, 8)}-01`);
}
