import { css } from "lit";

/** Beside those of the review form. */
export const styles = css`
  :host {
    margin-bottom: 12px;
  }
  button[aria-pressed="true"] {
    border-color: #7fb8ff;
    background: #22446b;
  }
  .help {
    margin: 0;
    font-size: 12px;
    color: #9fb0c6;
  }
  input[type="range"] {
    width: 100%;
    accent-color: #7fb8ff;
  }
`;
