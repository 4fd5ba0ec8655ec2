import { css } from "lit";

export const styles = css`
  :host {
    margin-top: 10px;
    border-top: 1px solid var(--neuronova-line);
    padding-top: 8px;
    font-size: 13px;
  }
  fieldset {
    margin: 0;
    padding: 0;
    border: 0;
    display: grid;
    gap: 8px;
  }
  legend {
    padding: 0;
    margin-bottom: 4px;
    font-weight: 700;
  }
  label {
    display: grid;
    gap: 3px;
  }
  select,
  textarea {
    width: 100%;
    box-sizing: border-box;
    padding: 5px 6px;
    border: 1px solid var(--neuronova-muted);
    border-radius: 6px;
    background: var(--neuronova-surface);
    color: var(--neuronova-ink);
    font: inherit;
  }
  .buttons {
    display: flex;
    gap: 8px;
  }
  button {
    flex: 1;
    padding: 6px 8px;
    border: 1px solid var(--neuronova-muted);
    border-radius: 6px;
    background: var(--neuronova-surface);
    color: var(--neuronova-ink);
    font-weight: 600;
  }
  button.accept {
    background: #14532d;
    color: #ffffff;
  }
  button.reject {
    background: #6b1d1d;
    color: #ffffff;
  }
  button:disabled {
    opacity: 0.6;
    cursor: default;
  }
  p {
    margin: 6px 0 0;
  }
  [role="alert"] {
    color: var(--neuronova-bad);
  }
`;
