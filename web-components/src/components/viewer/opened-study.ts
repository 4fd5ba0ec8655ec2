import type { TokenProvider } from "../../session/token-provider.js";

/** What a viewer is asked to show: a study, with whose token. */
export interface StudyRequest {
  readonly study: string | undefined;
  readonly tokenProvider: TokenProvider | undefined;
}

export interface Keeper {
  /** Whether something in the study that is open would be lost. */
  isUnsaved(): boolean;
  /** Another study has to wait, and the person is to be asked. */
  refused(waiting: string | undefined): void;
}

/**
 * Which study a viewer has open. Another one waits while a correction is not saved: until it is saved or discarded, or
 * the person says to stay.
 */
export class OpenedStudy {
  private opened: StudyRequest | undefined;
  private waiting: { readonly study: string | undefined } | undefined;

  constructor(private readonly keeper: Keeper) {}

  /** @returns whether what is asked for is to be opened; `study` is what the viewer has from now on */
  ask({ study, tokenProvider }: StudyRequest): {
    readonly open: boolean;
    readonly study: string | undefined;
  } {
    const { opened } = this;
    if (opened?.study === study && opened?.tokenProvider === tokenProvider) return { open: false, study };
    if (opened !== undefined && opened.study !== study && this.keeper.isUnsaved()) {
      this.waiting = { study };
      this.keeper.refused(study);
      return { open: false, study: opened.study };
    }
    this.waiting = undefined;
    this.opened = { study, tokenProvider };
    return { open: true, study };
  }

  /** The person stays: the other study is not wanted any more. */
  stay(): void {
    this.waiting = undefined;
  }

  /** The study that waited, once nothing would be lost. */
  takeWaiting(): { readonly study: string | undefined } | undefined {
    const { waiting } = this;
    this.waiting = undefined;
    return waiting;
  }

  /** Nothing is open any more, as when the element is taken from the page. */
  close(): void {
    this.opened = undefined;
    this.waiting = undefined;
  }
}
