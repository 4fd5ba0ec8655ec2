import { css } from "lit";

export const styles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 100vh;
    background: var(--neuronova-page);
  }
  :host([viewing]) {
    height: 100vh;
  }
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 16px;
    min-height: 52px;
    box-sizing: border-box;
    padding: 6px 20px;
    background: #14202f;
    color: #f3f6fa;
  }
  header a {
    color: inherit;
    text-decoration: none;
    font-weight: 700;
    font-size: 17px;
  }
  .notice {
    font-size: 13px;
    color: #ffd08a;
  }
  header a.place {
    font-size: 14px;
    font-weight: 600;
  }
  header :focus-visible {
    outline-color: #ffd08a;
  }
  .grow {
    flex: 1;
  }
  header button {
    background: none;
    border: 1px solid #5d6d82;
    border-radius: 6px;
    padding: 4px 10px;
    font-size: 13px;
    color: inherit;
  }
  header button[aria-pressed="true"] {
    background: #34465c;
  }
  main {
    flex: 1;
    padding: 20px;
  }
  main.viewer {
    min-height: 0;
    padding: 0;
  }
  h1 {
    font-size: 20px;
    margin: 0;
  }
  .title {
    display: flex;
    gap: 16px;
    align-items: center;
    margin-bottom: 14px;
  }
  .title button {
    padding: 5px 12px;
    border: 1px solid var(--neuronova-line);
    border-radius: 6px;
    background: var(--neuronova-surface);
  }
  neuronova-upload {
    padding: 20px 20px 0;
  }
  neuronova-viewer {
    height: 100%;
  }
  @media (max-width: 560px) {
    header,
    main {
      padding-inline: 12px;
    }
  }
`;
