import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { TokenProvider } from "./token-provider.js";

/** Hands a provider to the element that asks; `preventDefault()` says that one comes, if later. */
export type TokenRequestEvent = CustomEvent<{ readonly provide: (provider: TokenProvider) => void }>;

declare global {
  interface HTMLElementEventMap {
    "neuronova-token-request": TokenRequestEvent;
  }
}

type Host = ReactiveControllerHost & HTMLElement & { tokenProvider: TokenProvider | undefined };

/**
 * An element without a `tokenProvider` asks the page for one by the event `neuronova-token-request`. A listener that gives
 * the same function to several elements has them share one token.
 */
export class TokenRequest implements ReactiveController {
  /** Nobody answered: the element has to say that it may show nothing. */
  unanswered = false;

  constructor(private readonly host: Host) {
    host.addController(this);
  }

  hostConnected(): void {
    // A page that makes an element by script sets the property right after.
    queueMicrotask(() => this.ask());
  }

  private ask(): void {
    const { host } = this;
    if (host.tokenProvider !== undefined || !host.isConnected) return;
    let provided = false;
    const provide = (provider: TokenProvider) => {
      provided = true;
      host.tokenProvider = provider;
    };
    const event: TokenRequestEvent = new CustomEvent("neuronova-token-request", {
      detail: { provide },
      bubbles: true,
      composed: true,
      cancelable: true,
    });
    host.dispatchEvent(event);
    this.unanswered = !(event.defaultPrevented || provided);
    host.requestUpdate();
  }
}
