import { css } from "lit";

export const styles = css`
  h2 {
    margin: 0 0 10px;
    font-size: 15px;
  }
  .zone {
    display: flex;
    flex-wrap: wrap;
    gap: 10px 14px;
    align-items: center;
    padding: 20px;
    border: 2px dashed var(--neuronova-line);
    border-radius: 10px;
    background: var(--neuronova-surface);
  }
  .zone.over {
    border-color: var(--neuronova-accent);
  }
  .zone p {
    margin: 0;
    flex: 1 1 240px;
  }
  input[type="file"] {
    display: none;
  }
  button {
    padding: 6px 14px;
    border: 1px solid var(--neuronova-line);
    border-radius: 6px;
    background: var(--neuronova-surface);
    font-size: 14px;
  }
  button.primary {
    border-color: var(--neuronova-accent);
    background: var(--neuronova-accent);
    color: var(--neuronova-on-accent);
  }
  button:disabled {
    opacity: 0.6;
    cursor: default;
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin-top: 12px;
  }
  ul {
    margin: 10px 0;
    padding: 0;
    list-style: none;
    display: grid;
    gap: 6px;
    max-height: 360px;
    overflow-y: auto;
  }
  li {
    padding: 8px 12px;
    border: 1px solid var(--neuronova-line);
    border-radius: 8px;
    background: var(--neuronova-surface);
    font-size: 14px;
  }
  li.other {
    border-color: var(--neuronova-bad);
  }
  label {
    display: flex;
    gap: 10px;
    align-items: baseline;
  }
  .sub {
    color: var(--neuronova-muted);
    font-size: 12.5px;
  }
  .path {
    overflow-wrap: anywhere;
  }
  .state {
    color: var(--neuronova-muted);
    margin-left: 8px;
  }
  [data-state="stored"] .state,
  [data-state="there"] .state {
    color: var(--neuronova-good);
  }
  .warn {
    color: var(--neuronova-warn);
  }
  .bad,
  [data-state="failed"] .state {
    color: var(--neuronova-bad);
  }
  li .bad {
    display: block;
  }
  li p,
  .whole p {
    margin: 4px 0 0;
  }
  progress {
    display: block;
    width: 100%;
    accent-color: var(--neuronova-accent);
  }
`;
