import { css } from "lit";

export const styles = css`
  :host {
    margin-top: 10px;
    border-top: 1px solid var(--neuronova-line);
    padding-top: 8px;
    font-size: 13px;
    color: inherit;
    --neuronova-accent: #7fb8ff;
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
    border: 1px solid #5b708c;
    border-radius: 6px;
    background: #0d141d;
    color: #e8edf4;
    font: inherit;
  }
  .buttons {
    display: flex;
    gap: 8px;
  }
  button {
    flex: 1;
    padding: 6px 8px;
    border: 1px solid #5b708c;
    border-radius: 6px;
    background: #1f2d3f;
    color: #e8edf4;
    font-weight: 600;
  }
  button.accept {
    background: #14532d;
  }
  button.reject {
    background: #6b1d1d;
  }
  button:disabled {
    opacity: 0.6;
    cursor: default;
  }
  p {
    margin: 6px 0 0;
  }
  [role="alert"] {
    color: #ff9c9c;
  }
`;
