import { css } from "lit";

/** Colours and type of all elements; a page overrides the custom properties. */
export const theme = css`
  :host {
    --neuronova-font: "Pretendard", "Noto Sans KR", "NanumGothic", "Nanum Gothic", system-ui, sans-serif;
    --neuronova-ink: #16202e;
    --neuronova-muted: #526075;
    --neuronova-line: #dbe1e9;
    --neuronova-surface: #ffffff;
    --neuronova-accent: #0b5cad;
    --neuronova-good: #17663a;
    --neuronova-warn: #8a4b00;
    --neuronova-bad: #a4161a;
    font-family: var(--neuronova-font);
    color: var(--neuronova-ink);
    display: block;
    box-sizing: border-box;
  }
  :host([hidden]) {
    display: none;
  }
  button,
  input,
  select {
    font: inherit;
    color: inherit;
  }
  button {
    cursor: pointer;
  }
  :focus-visible {
    outline: 2px solid var(--neuronova-accent);
    outline-offset: 1px;
  }
`;
