import { css } from "lit";

export const styles = css`
  :host {
    font-size: 13.5px;
  }
  h2 {
    margin: 0 0 8px;
    font-size: 13px;
    letter-spacing: 0.02em;
    color: var(--neuronova-muted);
  }
  h3 {
    margin: 16px 0 6px;
    font-size: 13px;
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
  ul {
    display: grid;
    gap: 8px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li,
  .card {
    padding: 10px 12px;
    border: 1px solid var(--neuronova-line);
    border-radius: 8px;
    background: var(--neuronova-surface);
  }
  details.card {
    margin-top: 6px;
  }
  summary {
    cursor: pointer;
  }
  pre {
    max-height: 260px;
    overflow: auto;
    font-size: 11.5px;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  button {
    margin-top: 8px;
    padding: 4px 12px;
    border: 1px solid var(--neuronova-muted);
    border-radius: 6px;
    background: var(--neuronova-surface);
    color: var(--neuronova-ink);
    font-size: 13px;
  }
  button:disabled {
    opacity: 0.6;
    cursor: default;
  }
`;
