import { css } from "lit";
import { inheritedTheme } from "../inherited-theme.js";

export const styles = css`
  neuronova-review {
    ${inheritedTheme}
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
  .scale {
    display: block;
    width: 100%;
    height: 8px;
  }
  .scale .all {
    fill: var(--neuronova-line);
  }
  .scale .value {
    fill: var(--neuronova-accent);
  }
  .picture {
    display: block;
    width: 100%;
    margin: 0 0 8px;
    padding: 0;
    border: 0;
    border-radius: 6px;
    background: #0d141d;
  }
  .picture neuronova-thumbnail {
    width: 100%;
    height: 220px;
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
  select {
    border: 1px solid var(--neuronova-muted);
    border-radius: 6px;
    background: var(--neuronova-surface);
    color: var(--neuronova-ink);
  }
  button.model {
    padding: 0;
    border: 0;
    background: none;
    color: var(--neuronova-accent);
    font-size: inherit;
    text-align: right;
    text-decoration: underline;
  }
  button.edit,
  button.start {
    width: 100%;
    margin-top: 10px;
    padding: 6px 8px;
    font-size: 13px;
  }
  progress {
    display: block;
    width: 100%;
  }
  progress,
  input[type="range"],
  input[type="checkbox"] {
    accent-color: var(--neuronova-accent);
  }
  fieldset {
    display: grid;
    gap: 8px;
    margin: 0;
    padding: 0;
    border: 0;
  }
  legend {
    padding: 0;
    margin-bottom: 4px;
    font-weight: 700;
  }
  fieldset label {
    display: grid;
    gap: 3px;
  }
  select {
    width: 100%;
    padding: 5px 6px;
    font-size: 13px;
  }
  dialog {
    width: min(720px, 90vw);
    max-height: 80vh;
    box-sizing: border-box;
    overflow-y: auto;
    border: 1px solid var(--neuronova-line);
    border-radius: 10px;
    background: var(--neuronova-surface);
    color: var(--neuronova-ink);
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 60%);
  }
  dialog .text {
    font-size: 13.5px;
    line-height: 1.5;
  }
  dialog h4 {
    margin: 16px 0 6px;
    font-size: 15px;
  }
  dialog table {
    width: 100%;
    border-collapse: collapse;
  }
  dialog th,
  dialog td {
    padding: 4px 8px;
    border: 1px solid var(--neuronova-line);
    text-align: left;
    vertical-align: top;
  }
`;
