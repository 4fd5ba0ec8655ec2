import { css } from "lit";
import { inheritedTheme } from "../inherited-theme.js";

/** Cards beside the images: results and resources. */
export const panelStyles = css`
  neuronova-ai-results,
  neuronova-measurements,
  neuronova-sync-status,
  neuronova-mask-editor {
    ${inheritedTheme}
    --neuronova-surface: #1a2635;
    margin-top: 20px;
  }
  dl {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 4px 12px;
    margin: 8px 0 0;
  }
  dt {
    color: var(--neuronova-muted);
  }
  dd {
    margin: 0;
    text-align: right;
    overflow-wrap: anywhere;
  }
  .warn {
    color: var(--neuronova-warn);
  }
  .bad {
    color: var(--neuronova-bad);
  }
  .segmentations select {
    width: 100%;
    padding: 5px 6px;
    border: 1px solid var(--neuronova-line);
    border-radius: 6px;
    background: #0d141d;
  }
  .segmentations .segment {
    display: flex;
    gap: 8px;
    align-items: center;
    margin-top: 6px;
  }
  .segmentations .jump {
    margin-left: auto;
    padding: 3px 8px;
    border: 1px solid #5b708c;
    border-radius: 6px;
    background: #1f2d3f;
    font-size: 12px;
  }
  .annotation-list {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .annotation-list li {
    display: flex;
    gap: 4px;
    margin-bottom: 6px;
  }
  .annotation-list button {
    padding: 6px 9px;
    border: 1px solid var(--neuronova-line);
    border-radius: 6px;
    background: #1a2635;
    text-align: left;
  }
  .annotation-list button:first-child {
    flex: 1;
  }
  .shortcuts {
    max-width: 460px;
    max-height: 80vh;
    overflow-y: auto;
    border: 1px solid var(--neuronova-line);
    border-radius: 10px;
    background: #141e2b;
    color: var(--neuronova-ink);
  }
  .shortcuts::backdrop {
    background: rgb(0 0 0 / 60%);
  }
  .shortcuts dd {
    text-align: left;
  }
  .shortcuts button {
    padding: 4px 14px;
    border: 1px solid var(--neuronova-line);
    border-radius: 6px;
    background: #1f2d3f;
  }
  .unsaved {
    max-width: 420px;
    border: 1px solid var(--neuronova-warn);
    border-radius: 10px;
    background: #141e2b;
    color: var(--neuronova-ink);
  }
  .unsaved::backdrop {
    background: rgb(0 0 0 / 60%);
  }
  .unsaved button {
    margin-right: 8px;
    padding: 6px 14px;
    border: 1px solid var(--neuronova-line);
    border-radius: 6px;
    background: #1f2d3f;
  }
  kbd {
    padding: 1px 6px;
    border: 1px solid var(--neuronova-line);
    border-radius: 4px;
    background: #0d141d;
    font-family: inherit;
  }
`;
