import { css } from "lit";

export const styles = css`
  .tools {
    display: flex;
    flex-wrap: wrap;
    gap: 12px;
    align-items: center;
    margin-bottom: 12px;
  }
  input,
  select,
  .clear {
    padding: 8px 12px;
    border: 1px solid var(--neuronova-line);
    border-radius: 8px;
    background: var(--neuronova-surface);
  }
  input[type="search"] {
    flex: 1;
    min-width: 220px;
    max-width: 420px;
  }
  label {
    display: flex;
    gap: 6px;
    align-items: center;
    color: var(--neuronova-muted);
    font-size: 14px;
  }
  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  .order {
    padding: 0;
    border: 0;
    background: none;
    color: inherit;
    font-weight: inherit;
  }
  .picture {
    padding-right: 0;
  }
  a {
    color: var(--neuronova-accent);
  }
  .count {
    color: var(--neuronova-muted);
    font-size: 14px;
  }
  .frame {
    overflow-x: auto;
    background: var(--neuronova-surface);
    border: 1px solid var(--neuronova-line);
    border-radius: 10px;
  }
  table {
    border-collapse: collapse;
    width: 100%;
    font-size: 14px;
  }
  th,
  td {
    text-align: left;
    padding: 10px 12px;
    white-space: nowrap;
    vertical-align: top;
  }
  th {
    font-weight: 600;
    color: var(--neuronova-muted);
    border-bottom: 1px solid var(--neuronova-line);
  }
  tbody tr {
    cursor: pointer;
  }
  tbody tr:hover,
  tbody tr:focus-within {
    background: var(--neuronova-hover);
  }
  tbody tr + tr td {
    border-top: 1px solid var(--neuronova-line);
  }
  .open {
    background: none;
    border: 0;
    padding: 0;
    text-align: left;
    font-weight: 600;
    color: var(--neuronova-accent);
  }
  .sub {
    color: var(--neuronova-muted);
    font-size: 12.5px;
  }
  .wide {
    white-space: normal;
    min-width: 160px;
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
  .message {
    padding: 40px 16px;
    text-align: center;
    color: var(--neuronova-muted);
  }
  .pages {
    display: flex;
    gap: 12px;
    align-items: center;
    justify-content: flex-end;
    margin-top: 12px;
    font-size: 14px;
  }
  .pages button,
  .message button {
    padding: 6px 12px;
    border: 1px solid var(--neuronova-line);
    border-radius: 8px;
    background: var(--neuronova-surface);
  }
`;
