import { css } from "lit";

export const styles = css`
  h3 {
    margin: 16px 0 6px;
    font-size: 13px;
    color: var(--neuronova-muted);
  }
  ul {
    display: grid;
    gap: 8px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    padding: 10px 12px;
    border: 1px solid var(--neuronova-line);
    border-radius: 8px;
    background: var(--neuronova-surface);
  }
  details.card {
    margin-top: 6px;
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
    font-size: 13px;
  }
`;
