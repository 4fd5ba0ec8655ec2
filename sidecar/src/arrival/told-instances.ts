import type { OrthancId } from "../dicom/uid.js";
import type { TraceContext } from "../tracing/trace-context.js";
import type { ToldTraces } from "./arrival-traces.js";
import { instancesArrived, type ArrivalDependencies } from "./instances-arrived.js";

/** For so long the change log has time to show what was told of. */
const GRACE_MILLISECONDS = 2_000;

/**
 * Instances that a notification named. The change log shows nearly all of them, and is read at once; what it does not
 * show is recorded from here. (Where several connections write Orthanc's index, a change may become visible after a later
 * one was read: the cursor has passed it.)
 */
export class ToldInstances {
  private readonly told = new Map<
    OrthancId,
    { readonly at: number; readonly trace: TraceContext | undefined }
  >();

  constructor(
    private readonly dependencies: ArrivalDependencies,
    private readonly now: () => number = Date.now,
  ) {}

  tell(instances: readonly OrthancId[], trace: TraceContext | undefined): void {
    const at = this.now();
    const last = instances.at(-1);
    for (const id of instances) this.told.set(id, { at, trace: id === last ? trace : undefined });
  }

  /** What notifications said of the instances' traces. */
  traces(): ToldTraces {
    return new Map([...this.told].flatMap(([id, { trace }]) => (trace === undefined ? [] : [[id, trace]])));
  }

  /** Records those that should be known by now and are not. @throws what is retryable; they are looked at again */
  async recordForgotten(): Promise<void> {
    const since = this.now() - GRACE_MILLISECONDS;
    const due = [...this.told].filter(([, { at }]) => at <= since).map(([id]) => id);
    if (due.length === 0) return;
    const known = await this.dependencies.state.read.fileUuids(due);
    const unknown = due.filter((id) => !known.has(id));
    await instancesArrived(unknown, this.dependencies, this.traces());
    for (const id of due) if ((this.told.get(id)?.at ?? Infinity) <= since) this.told.delete(id);
  }
}
