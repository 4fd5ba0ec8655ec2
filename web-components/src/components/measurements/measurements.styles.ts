import { css } from "lit";

export const styles = css`
  summary {
    font-weight: 600;
  }
  h3 {
    margin: 12px 0 2px;
    font-size: 13.5px;
    overflow-wrap: anywhere;
  }
  table {
    width: 100%;
    border-collapse: collapse;
  }
  th,
  td {
    padding: 4px 0;
    border-top: 1px solid var(--neuronova-line);
    text-align: left;
    vertical-align: top;
    font-weight: 400;
    overflow-wrap: anywhere;
  }
  td {
    padding-left: 12px;
    text-align: right;
  }
  .value {
    white-space: nowrap;
  }
  button {
    margin: 4px 4px 0 0;
  }
`;
