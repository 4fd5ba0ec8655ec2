import { css } from "lit";

/** Key images: their mark over an image, their panel, and the question what for. */
export const keyImageStyles = css`
  .key-mark {
    position: absolute;
    bottom: 72px; /* above what the corner says */
    left: 10px;
    max-width: 60%;
    padding: 2px 9px;
    border-radius: 999px;
    background: rgb(0 0 0 / 70%);
    color: #ffe14d;
    font-size: 12.5px;
    pointer-events: none;
  }
  .key-images ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .key-images li {
    margin-bottom: 8px;
    padding: 9px 10px;
    border: 1px solid var(--neuronova-line);
    border-radius: 8px;
    background: #1a2635;
    overflow-wrap: anywhere;
  }
  .key-images li p {
    margin: 6px 0 0;
    white-space: pre-line;
  }
  .key-images .buttons,
  .key-image .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    margin-top: 8px;
  }
  .key-images button,
  .key-image button {
    padding: 4px 10px;
    border: 1px solid #5b708c;
    border-radius: 6px;
    background: #1f2d3f;
    text-align: left;
  }
  .key-images .withdraw {
    margin-top: 8px;
    color: var(--neuronova-muted);
  }
  .key-image {
    width: 380px;
    max-width: 90vw;
    border: 1px solid var(--neuronova-line);
    border-radius: 10px;
    background: #141e2b;
    color: var(--neuronova-ink);
  }
  .key-image::backdrop {
    background: rgb(0 0 0 / 60%);
  }
  .key-image fieldset {
    margin: 0;
    padding: 0;
    border: 0;
  }
  .key-image label {
    display: block;
    margin-top: 10px;
  }
  .key-image select,
  .key-image textarea {
    box-sizing: border-box;
    width: 100%;
    margin-top: 4px;
    padding: 6px 8px;
    border: 1px solid #5b708c;
    border-radius: 6px;
    background: #0d141d;
    color: inherit;
    font: inherit;
  }
`;
