import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import type { OrthancSettings } from "../adapters/orthanc/http.js";
import { ArchiveError } from "../archive/archive.js";
import type { Renderer } from "../transcoding/renderer.js";
import type { ThreadAnswer, TranscodingThreadData } from "./transcoding.worker.js";

/** While one instance waits for Orthanc, the thread encodes another. */
const TASKS_IN_A_THREAD = 2;

/** A pool of threads that render. */
export class TranscodingThreads implements Renderer {
  private readonly pool: Piscina;

  constructor(threads: number, orthanc: OrthancSettings) {
    const workerData: TranscodingThreadData = { orthanc };
    this.pool = new Piscina({
      filename: fileURLToPath(new URL("./transcoding.worker.js", import.meta.url)),
      minThreads: threads,
      maxThreads: threads,
      concurrentTasksPerWorker: TASKS_IN_A_THREAD,
      // A thread that sleeps in Atomics.wait does not notice that Orthanc closed a connection.
      atomics: "disabled",
      workerData,
    });
  }

  renderInstance(...parameters: Parameters<Renderer["renderInstance"]>) {
    return this.run("renderInstance", parameters);
  }

  renderFrames(...parameters: Parameters<Renderer["renderFrames"]>) {
    return this.run("renderFrames", parameters);
  }

  attachFrames(...parameters: Parameters<Renderer["attachFrames"]>) {
    const [, , frames] = parameters;
    return this.run(
      "attachFrames",
      parameters,
      frames.map(({ codestream }) => codestream.buffer),
    );
  }

  verifyRendition(...parameters: Parameters<Renderer["verifyRendition"]>) {
    return this.run("verifyRendition", parameters);
  }

  close(): Promise<void> {
    return this.pool.close();
  }

  private async run<Name extends keyof Renderer>(
    name: Name,
    parameters: Parameters<Renderer[Name]>,
    transferList: ArrayBuffer[] = [],
  ): Promise<Awaited<ReturnType<Renderer[Name]>>> {
    const answer = (await this.pool.run(parameters, { name, transferList })) as ThreadAnswer<
      Awaited<ReturnType<Renderer[Name]>>
    >;
    if (!answer.ok) throw new ArchiveError(answer.code, answer.retryable, answer.message);
    return answer.value;
  }
}
