import { css } from "lit";

export const styles = css`
  h2 {
    margin: 0 0 10px;
    font-size: 15px;
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
    display: grid;
    gap: 8px;
  }
  li {
    padding: 10px 12px;
    border: 1px solid var(--neuronova-line);
    border-radius: 8px;
    background: var(--neuronova-surface);
    font-size: 14px;
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 12px;
    justify-content: space-between;
  }
  .sub {
    margin: 2px 0 0;
    font-size: 12.5px;
    color: var(--neuronova-muted);
    overflow-wrap: anywhere;
  }
  .state.succeeded {
    color: var(--neuronova-good);
  }
  .state.running,
  .state.queued,
  .state.not-applicable {
    color: var(--neuronova-warn);
  }
  .state.failed,
  .bad {
    color: var(--neuronova-bad);
  }
  .reason {
    margin: 6px 0 0;
    overflow-wrap: anywhere;
  }
  progress {
    display: block;
    width: 100%;
    margin-top: 8px;
    accent-color: var(--neuronova-accent);
  }
  button {
    margin-top: 8px;
    padding: 4px 12px;
    border: 1px solid var(--neuronova-line);
    border-radius: 6px;
    background: none;
    font-size: 13px;
  }
  button:disabled {
    opacity: 0.6;
    cursor: default;
  }
`;
