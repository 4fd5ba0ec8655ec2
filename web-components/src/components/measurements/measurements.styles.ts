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
  p {
    margin: 6px 0;
  }
  .sub {
    color: var(--neuronova-muted);
    font-size: 12px;
    overflow-wrap: anywhere;
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
    font-weight: 600;
  }
  h3 {
    margin: 12px 0 2px;
    font-size: 13.5px;
    overflow-wrap: anywhere;
  }
  table {
    width: 100%;
    border-collapse: collapse;
  }
  th,
  td {
    padding: 4px 0;
    border-top: 1px solid var(--neuronova-line);
    text-align: left;
    vertical-align: top;
    font-weight: 400;
    overflow-wrap: anywhere;
  }
  td {
    padding-left: 12px;
    text-align: right;
  }
  .value {
    white-space: nowrap;
  }
  button {
    margin: 4px 4px 0 0;
    padding: 3px 8px;
    border: 1px solid var(--neuronova-muted);
    border-radius: 6px;
    background: var(--neuronova-surface);
    color: var(--neuronova-ink);
    font-size: 12px;
  }
`;
