import { css } from "lit";

/** Of elements that stand in a narrow column beside the images, or in a chart: headings, cards, buttons. */
export const panel = css`
  :host {
    font-size: 13.5px;
  }
  h2 {
    margin: 0 0 8px;
    font-size: 13px;
    letter-spacing: 0.02em;
    color: var(--neuronova-muted);
  }
  p {
    margin: 6px 0;
  }
  .sub {
    color: var(--neuronova-muted);
    font-size: 12px;
    overflow-wrap: anywhere;
  }
  .good {
    color: var(--neuronova-good);
  }
  .warn {
    color: var(--neuronova-warn);
  }
  .bad {
    color: var(--neuronova-bad);
  }
  .card {
    padding: 10px 12px;
    border: 1px solid var(--neuronova-line);
    border-radius: 10px;
    background: var(--neuronova-surface);
  }
  .card + .card {
    margin-top: 10px;
  }
  summary {
    cursor: pointer;
  }
  button {
    padding: 3px 8px;
    border: 1px solid var(--neuronova-muted);
    border-radius: 6px;
    background: var(--neuronova-surface);
    color: var(--neuronova-ink);
    font-size: 12px;
  }
  button:disabled {
    opacity: 0.6;
    cursor: default;
  }
`;
