import { css } from "lit";

/** On light pages. Text is at least 4.5 to 1 against surface and page (WCAG 2.2, 1.4.3; `theme.test.ts`). */
const light = css`
  --neuronova-ink: #16202e;
  --neuronova-muted: #526075;
  --neuronova-line: #dbe1e9;
  --neuronova-border: #7c8aa0;
  --neuronova-surface: #ffffff;
  --neuronova-page: #f3f5f8;
  --neuronova-hover: #eef4fb;
  --neuronova-accent: #0b5cad;
  --neuronova-on-accent: #ffffff;
  --neuronova-good: #17663a;
  --neuronova-warn: #8a4b00;
  --neuronova-bad: #a4161a;
  color-scheme: light;
`;

/** For reading in the dark. */
const dark = css`
  --neuronova-ink: #e8edf4;
  --neuronova-muted: #9fb0c6;
  --neuronova-line: #2c3a4d;
  --neuronova-border: #6b7f9a;
  --neuronova-surface: #141e2b;
  --neuronova-page: #0d141d;
  --neuronova-hover: #1d2b3d;
  --neuronova-accent: #7fb8ff;
  --neuronova-on-accent: #0d141d;
  --neuronova-good: #7ed9a4;
  --neuronova-warn: #ffc876;
  --neuronova-bad: #ff9c9c;
  color-scheme: dark;
`;

/** Type and shape of all elements; colours come from the element around. */
export const inherited = css`
  :host {
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
  ::placeholder {
    color: var(--neuronova-muted);
    opacity: 1;
  }
  button {
    cursor: pointer;
  }
  :focus-visible {
    outline: 2px solid var(--neuronova-accent);
    outline-offset: 1px;
  }
`;

/**
 * The same with colours of its own; a page overrides the custom properties. Light unless the attribute `theme` says
 * `dark`, or `auto`: as the reader's system is set. A page that is light stays so whatever the system says.
 */
export const theme = [
  css`
    :host {
      --neuronova-font: "Pretendard", "Noto Sans KR", "NanumGothic", "Nanum Gothic", system-ui, sans-serif;
      ${light}
    }
    :host([theme="dark"]) {
      ${dark}
    }
    @media (prefers-color-scheme: dark) {
      :host([theme="auto"]) {
        ${dark}
      }
    }
  `,
  inherited,
];
