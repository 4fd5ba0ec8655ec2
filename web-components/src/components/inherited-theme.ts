import { css } from "lit";

/** For an element within another: it has the colours of what it lies in, not those of the theme (theme.ts). */
export const inheritedTheme = css`
  --neuronova-font: inherit;
  --neuronova-ink: inherit;
  --neuronova-muted: inherit;
  --neuronova-line: inherit;
  --neuronova-surface: inherit;
  --neuronova-accent: inherit;
  --neuronova-good: inherit;
  --neuronova-warn: inherit;
  --neuronova-bad: inherit;
`;
