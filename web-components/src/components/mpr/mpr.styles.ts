import { css } from "lit";

export const mprStyles = css`
  :host {
    display: grid;
    grid-template: repeat(2, minmax(0, 1fr)) / repeat(2, minmax(0, 1fr));
    gap: 2px;
    min-width: 0;
    min-height: 0;
    color: var(--neuronova-ink);
    background: var(--neuronova-line);
  }
  .pane {
    position: relative;
    overflow: hidden;
    background: #000;
    touch-action: none;
  }
  .pane:focus-visible {
    outline: 2px solid var(--neuronova-accent);
    outline-offset: -2px;
  }
  .pane canvas,
  .pane svg {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
  }
  .pane svg {
    pointer-events: none;
  }
  line {
    stroke-width: 1;
    stroke-opacity: 0.8;
  }
  .pane .ai-label {
    width: max-content;
    max-width: calc(100% - 40px);
    border-radius: 12px;
    text-align: center;
    white-space: normal;
  }
  .note {
    padding: 14px;
    overflow-y: auto;
    background: #141e2b;
    font-size: 13px;
  }
  .note p {
    margin: 0 0 8px;
  }
  .axial {
    color: #8fd0ff;
  }
  .sagittal {
    color: #ffd27a;
  }
  .coronal {
    color: #a6e8a0;
  }
`;
