import type { OrthancId } from "../dicom/uid.js";
import type { ArrivedInstance } from "../state/records.js";
import { storingTrace } from "../tracing/storing-trace.js";
import { writeTraceparent, type TraceContext } from "../tracing/trace-context.js";
import type { Span, Tracer } from "../tracing/tracer.js";

/** What notifications said of the instances' traces. */
export type ToldTraces = ReadonlyMap<OrthancId, TraceContext>;

/**
 * The spans of instances that arrive together. Two are of each: that Orthanc stored it, which its Lua script began and
 * cannot tell of, and that it arrived here. Only those of instances that were recorded are ended, and so told of.
 */
export class ArrivalTraces {
  private readonly spans = new Map<OrthancId, readonly Span[]>();

  constructor(
    private readonly tracer: Tracer,
    private readonly told: ToldTraces,
  ) {}

  /** @returns what the instance's row says of its trace; null without a collector */
  begin({ orthancId, seriesId, transferSyntaxUid, receivedAt, urgency }: ArrivedInstance, isNew: boolean) {
    const attributes = { "orthanc.instance": orthancId, "orthanc.series": seriesId };
    const ids = storingTrace(orthancId);
    const told = this.told.get(orthancId);
    const isLua = told === undefined || told.traceId === ids?.traceId;
    const stored =
      isLua && ids !== undefined
        ? this.tracer.begin("store-instance", {
            ids,
            kind: "producer",
            attributes,
            // What waited for years was not stored for as long.
            startedAt: urgency === "live" ? (receivedAt ?? undefined) : undefined,
          })
        : undefined;
    const arrival = this.tracer.begin("arrival", {
      parent: stored?.context ?? told,
      kind: "consumer",
      attributes: { ...attributes, "dicom.transfer_syntax": transferSyntaxUid },
    });
    if (arrival === undefined) return null;
    // An instance that is overwritten arrives again, in the trace of its first storing.
    this.spans.set(orthancId, stored !== undefined && isNew ? [stored, arrival] : [arrival]);
    return writeTraceparent(arrival.context);
  }

  end(recorded: readonly { readonly orthancId: OrthancId }[]): void {
    for (const { orthancId } of recorded) for (const span of this.spans.get(orthancId) ?? []) span.end();
  }
}
