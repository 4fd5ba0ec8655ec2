import { css } from "lit";

/** Of the administrators' page and its sections. */
export const styles = css`
  h2 {
    margin: 0 0 6px;
    font-size: 18px;
  }
  h3 {
    margin: 22px 0 8px;
    font-size: 15px;
  }
  section {
    max-width: 1100px;
  }
  .rows {
    margin: 0;
    padding: 0;
    list-style: none;
    border: 1px solid var(--neuronova-line);
    border-radius: 10px;
    background: var(--neuronova-surface);
    font-size: 14px;
  }
  .rows > li {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 14px;
    align-items: center;
    padding: 10px 14px;
  }
  .rows > li + li {
    border-top: 1px solid var(--neuronova-line);
  }
  .rows > li > .within {
    flex: 1 1 100%;
    min-width: 0;
  }
  details.within {
    margin: 0;
  }
  details.within > .scroll {
    padding: 0;
  }
  .days th,
  .days td {
    padding: 6px 9px;
  }
  .within .rows {
    margin-top: 8px;
  }
  .what {
    flex: 1 1 260px;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .what p:not(.sub) {
    margin: 4px 0;
  }
  .actions,
  .confirm {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
  }
  .sub {
    margin: 2px 0 0;
    font-size: 12.5px;
    color: var(--neuronova-muted);
  }
  .good {
    color: var(--neuronova-good);
  }
  .warn {
    color: var(--neuronova-warn);
  }
  .bad {
    color: var(--neuronova-bad);
  }
  [role="status"] {
    min-height: 1.4em;
    margin: 0 0 8px;
    font-size: 14px;
  }
  button {
    padding: 5px 12px;
    border: 1px solid var(--neuronova-border);
    border-radius: 7px;
    background: var(--neuronova-surface);
    font-size: 13px;
  }
  button.primary {
    border-color: var(--neuronova-accent);
    background: var(--neuronova-accent);
    color: var(--neuronova-on-accent);
  }
  button.danger {
    color: var(--neuronova-bad);
  }
  button:disabled {
    opacity: 0.6;
    cursor: default;
  }
  input,
  select,
  textarea {
    box-sizing: border-box;
    width: 100%;
    padding: 6px 9px;
    border: 1px solid var(--neuronova-border);
    border-radius: 7px;
    background: var(--neuronova-surface);
    color: var(--neuronova-ink);
  }
  .actions select {
    width: auto;
  }
  form,
  details > div {
    padding: 12px 14px;
    border: 1px solid var(--neuronova-line);
    border-radius: 10px;
    background: var(--neuronova-surface);
  }
  form {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(210px, 1fr));
    gap: 10px 14px;
    align-items: end;
  }
  form.short {
    flex: 1 1 100%;
    grid-template-columns: minmax(180px, 320px) auto auto;
    padding: 0;
    border: 0;
    justify-content: start;
  }
  label {
    display: grid;
    gap: 3px;
    font-size: 13px;
    color: var(--neuronova-muted);
  }
  label.choice {
    display: flex;
    gap: 7px;
    align-items: center;
    margin: 0 0 10px;
  }
  .choice input {
    width: auto;
    margin: 0;
  }
  details {
    margin: 12px 0;
  }
  summary {
    padding: 4px 0;
    cursor: pointer;
    font-size: 14px;
    color: var(--neuronova-accent);
  }
  .scroll {
    overflow-x: auto;
    border: 1px solid var(--neuronova-line);
    border-radius: 10px;
    background: var(--neuronova-surface);
  }
  table {
    width: 100%;
    border-collapse: collapse;
    font-size: 13.5px;
  }
  th,
  td {
    padding: 8px 12px;
    text-align: left;
    vertical-align: top;
    white-space: nowrap;
  }
  th {
    font-weight: 600;
    color: var(--neuronova-muted);
  }
  tbody td,
  tbody th {
    border-top: 1px solid var(--neuronova-line);
  }
  pre,
  code {
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    font-size: 13px;
  }
  pre {
    margin: 0;
  }
  @media (max-width: 560px) {
    form.short {
      grid-template-columns: 1fr;
    }
    .rows > li {
      padding: 10px;
    }
  }
`;
