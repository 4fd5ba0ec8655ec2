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
  .note {
    padding: 14px;
    overflow-y: auto;
    background: #141e2b;
    font-size: 13px;
  }
  .note p {
    margin: 0 0 8px;
  }
  .corner,
  .marker {
    position: absolute;
    font-size: 12.5px;
    line-height: 1.45;
    text-shadow:
      0 0 3px #000,
      0 0 2px #000;
    pointer-events: none;
  }
  .tl {
    top: 8px;
    left: 10px;
  }
  .tr {
    top: 8px;
    right: 10px;
    text-align: right;
  }
  .bl {
    bottom: 8px;
    left: 10px;
  }
  .br {
    bottom: 8px;
    right: 10px;
  }
  .marker {
    font-weight: 700;
    color: #ffe7a3;
  }
  .marker.left {
    left: 10px;
    top: 50%;
  }
  .marker.right {
    right: 10px;
    top: 50%;
  }
  .marker.top {
    top: 8px;
    left: 50%;
  }
  .marker.bottom {
    bottom: 8px;
    left: 50%;
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
