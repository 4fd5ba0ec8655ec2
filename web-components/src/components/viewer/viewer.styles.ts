import { css } from "lit";

export const styles = css`
  :host {
    --neuronova-ink: #e8edf4;
    --neuronova-muted: #9fb0c6;
    --neuronova-line: #2c3a4d;
    --neuronova-accent: #7fb8ff;
    --neuronova-good: #7ed9a4;
    --neuronova-warn: #ffc876;
    --neuronova-bad: #ff9c9c;
    background: #0d141d;
    height: 600px;
  }
  .layout {
    display: grid;
    grid-template-columns: 200px minmax(0, 1fr) 300px;
    height: 100%;
  }
  .layout.compact {
    grid-template-columns: minmax(0, 1fr);
    grid-template-rows: minmax(0, 1fr);
    height: 100%;
  }
  aside {
    overflow-y: auto;
    padding: 12px;
    background: #141e2b;
    font-size: 13.5px;
  }
  h2 {
    margin: 0 0 8px;
    font-size: 13px;
    letter-spacing: 0.02em;
    color: var(--neuronova-muted);
  }
  section + section {
    margin-top: 20px;
  }
  .series {
    display: block;
    width: 100%;
    margin-bottom: 8px;
    padding: 9px 10px;
    text-align: left;
    border: 1px solid var(--neuronova-line);
    border-radius: 8px;
    background: #1a2635;
  }
  .series neuronova-thumbnail {
    float: right;
    margin-left: 8px;
  }
  .series[aria-pressed="true"] {
    border-color: var(--neuronova-accent);
    background: #22344a;
  }
  .series .sub,
  .sub {
    color: var(--neuronova-muted);
    font-size: 12px;
  }
  .centre {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
    min-width: 0;
  }
  .compact .centre {
    grid-template-rows: minmax(0, 1fr);
  }
  .grid {
    display: grid;
    gap: 2px;
    min-width: 0;
    min-height: 0;
    background: var(--neuronova-line);
  }
  .grid[data-layout="1x2"],
  .grid[data-layout="2x2"] {
    grid-template-columns: repeat(2, minmax(0, 1fr));
  }
  .grid[data-layout="2x2"] {
    grid-template-rows: repeat(2, minmax(0, 1fr));
  }
  .grid[hidden] {
    display: none;
  }
  .cell {
    display: grid;
    grid-template-rows: minmax(0, 1fr) auto;
    min-width: 0;
    min-height: 0;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
    padding: 8px 12px;
    background: #141e2b;
    border-left: 1px solid var(--neuronova-line);
    border-right: 1px solid var(--neuronova-line);
  }
  .bar button[aria-pressed="true"] {
    border-color: var(--neuronova-accent);
    background: #22344a;
  }
  .choices {
    display: inline-flex;
    flex-wrap: wrap;
    gap: 3px;
    align-items: center;
  }
  .bar select,
  .bar .rate {
    padding: 4px 6px;
    border: 1px solid var(--neuronova-line);
    border-radius: 6px;
    background: #1f2d3f;
    font-size: 13px;
  }
  .bar .rate {
    width: 52px;
  }
  .bar button:disabled {
    opacity: 0.5;
    cursor: default;
  }
  .bar button {
    padding: 4px 10px;
    border: 1px solid var(--neuronova-line);
    border-radius: 6px;
    background: #1f2d3f;
    font-size: 13px;
  }
  .stage {
    position: relative;
    overflow: hidden;
    background: #000;
    touch-action: none;
  }
  .stage.active::after {
    content: "";
    position: absolute;
    inset: 0;
    border: 2px solid var(--neuronova-accent);
    pointer-events: none;
  }
  .canvas,
  .overlay {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
  }
  .overlay {
    pointer-events: none;
  }
  .stage.failed .canvas,
  .stage.failed .overlay,
  .stage.empty .canvas,
  .stage.empty .overlay {
    visibility: hidden;
  }
  .corner {
    max-width: 44%;
  }
  .compact .corner {
    max-width: 36%;
    font-size: 11.5px;
  }
  .corner strong {
    font-size: 14px;
  }
  .reduced {
    position: absolute;
    bottom: 34px;
    left: 50%;
    transform: translateX(-50%);
    padding: 3px 10px;
    border-radius: 999px;
    background: rgb(0 0 0 / 70%);
    color: #fff;
    font-size: 12.5px;
    pointer-events: none;
  }
  .middle {
    position: absolute;
    inset: 0;
    display: grid;
    place-items: center;
    text-align: center;
    padding: 20px;
    pointer-events: none;
  }
  input[type="range"] {
    width: 100%;
    accent-color: #7fb8ff;
  }
  .slider {
    padding: 4px 12px 8px;
    background: #141e2b;
    border-left: 1px solid var(--neuronova-line);
    border-right: 1px solid var(--neuronova-line);
  }
  @media (max-width: 900px) {
    .layout {
      grid-template-columns: 1fr;
      grid-template-rows: auto minmax(360px, 1fr) auto;
      height: auto;
    }
    :host {
      height: auto;
    }
  }
`;
