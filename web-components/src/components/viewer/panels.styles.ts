import { css } from "lit";

/** Cards beside the images: results and resources. */
export const panelStyles = css`
  .card {
    padding: 12px;
    border: 1px solid var(--neuronova-line);
    border-radius: 10px;
    background: #1a2635;
  }
  .card + .card {
    margin-top: 10px;
  }
  .card h3 {
    margin: 0 0 6px;
    font-size: 14.5px;
  }
  .badge {
    display: inline-block;
    margin: 0 0 8px;
    padding: 2px 8px;
    border-radius: 999px;
    background: #4a2c07;
    color: #ffd9a0;
    font-size: 12px;
  }
  .badge.accepted,
  .badge.edited {
    background: #0f3d22;
    color: #a8ecc4;
  }
  .badge.rejected {
    background: #4a1414;
    color: #ffc2c2;
  }
  .comment {
    margin: 0 0 8px;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
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
  .segment {
    display: flex;
    gap: 8px;
    align-items: center;
    margin-top: 8px;
  }
  .segment svg {
    flex: none;
  }
  .segment b {
    margin-left: auto;
  }
  .notes {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 8px;
    align-items: center;
    justify-content: space-between;
    margin: 4px 0 0 24px;
  }
  .jump,
  .edit {
    padding: 3px 8px;
    border: 1px solid #5b708c;
    border-radius: 6px;
    background: #1f2d3f;
    font-size: 12px;
  }
  .edit {
    width: 100%;
    margin-top: 10px;
    padding: 6px 8px;
    font-size: 13px;
  }
  .warn {
    color: var(--neuronova-warn);
  }
  .bad {
    color: var(--neuronova-bad);
  }
  details {
    margin-top: 6px;
  }
  summary {
    cursor: pointer;
  }
  pre {
    max-height: 260px;
    overflow: auto;
    padding: 8px;
    border-radius: 6px;
    background: #0d141d;
    font-size: 11.5px;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
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
