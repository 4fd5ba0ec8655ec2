import { EventStream } from "../../events/event-stream.js";
import type { TokenProvider } from "../../session/token-provider.js";
import type { StudyDetails } from "../../studies/study.js";
import { loadStudy } from "./study-source.js";

const SETTLE_MILLISECONDS = 150;

export interface StudyListener {
  /** The study as it is now. */
  changed(details: StudyDetails): Promise<void>;
  failed(reason: string): void;
}

/** A study, looked at again whenever something happens to it. */
export class StudyWatch {
  private readonly unsubscribe: () => void;
  private settling: ReturnType<typeof setTimeout> | undefined;
  private closed = false;

  constructor(
    private readonly study: string,
    private readonly token: TokenProvider,
    private readonly listener: StudyListener,
  ) {
    void this.refresh();
    this.unsubscribe = EventStream.shared(token).subscribe((event) => {
      if (event.studyInstanceUid !== study) return;
      this.settling ??= setTimeout(() => {
        this.settling = undefined;
        void this.refresh();
      }, SETTLE_MILLISECONDS);
    });
  }

  async refresh(): Promise<void> {
    try {
      const details = await loadStudy(this.study, this.token);
      if (!this.closed) await this.listener.changed(details);
    } catch (error) {
      if (!this.closed) this.listener.failed(error instanceof Error ? error.message : String(error));
    }
  }

  close(): void {
    this.closed = true;
    this.unsubscribe();
    clearTimeout(this.settling);
  }
}
