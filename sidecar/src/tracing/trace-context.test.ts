import { expect, test } from "vitest";
import type { OrthancId } from "../dicom/uid.js";
import { storingTrace } from "./storing-trace.js";
import { readTraceparent, writeTraceparent } from "./trace-context.js";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const SPAN = "b7ad6b7169203331";

test("a traceparent is read and written as W3C Trace Context has it", () => {
  const sampled = `00-${TRACE}-${SPAN}-01`;
  expect(readTraceparent(sampled)).toEqual({ traceId: TRACE, spanId: SPAN, sampled: true });
  expect(readTraceparent(`00-${TRACE}-${SPAN}-00`)).toMatchObject({ sampled: false });
  for (const text of [sampled, `00-${TRACE}-${SPAN}-00`])
    expect(writeTraceparent(readTraceparent(text) as NonNullable<ReturnType<typeof readTraceparent>>)).toBe(
      text,
    );
});

test("other flags than `sampled`, and what later versions append, are passed over", () => {
  expect(readTraceparent(`00-${TRACE}-${SPAN}-02`)).toMatchObject({ sampled: false });
  expect(readTraceparent(`00-${TRACE}-${SPAN}-03`)).toMatchObject({ sampled: true });
  expect(readTraceparent(`cc-${TRACE}-${SPAN}-01-what-the-future-will-be-like`)).toMatchObject({
    traceId: TRACE,
  });
});

test.each([
  ["nothing", undefined],
  ["several headers", [`00-${TRACE}-${SPAN}-01`, `00-${TRACE}-${SPAN}-01`]],
  ["an empty one", ""],
  ["capital letters", `00-${TRACE.toUpperCase()}-${SPAN}-01`],
  ["a trace of zeros", `00-${"0".repeat(32)}-${SPAN}-01`],
  ["a span of zeros", `00-${TRACE}-${"0".repeat(16)}-01`],
  ["the version that is none", `ff-${TRACE}-${SPAN}-01`],
  ["more than the version has", `00-${TRACE}-${SPAN}-01-more`],
  ["a later version without its dash", `cc-${TRACE}-${SPAN}-01more`],
  ["a short trace", `00-${TRACE.slice(1)}-${SPAN}-01`],
  ["white space", ` 00-${TRACE}-${SPAN}-01`],
  ["a name", `00-${"Hong^Gildong".padEnd(32, "x")}-${SPAN}-01`],
  ["too much of it", `cc-${TRACE}-${SPAN}-01-${"x".repeat(600)}`],
])("%s is no traceparent", (_what, text) => {
  expect(readTraceparent(text)).toBeUndefined();
});

test("the trace of storing an instance is its Orthanc id, digit by digit", () => {
  const id = "11111111-22222222-33333333-44444444-5555aaaa" as OrthancId;
  expect(storingTrace(id)).toEqual({
    traceId: "11111111222222223333333344444444",
    spanId: "5555aaaa11111111",
    sampled: true,
  });
});
