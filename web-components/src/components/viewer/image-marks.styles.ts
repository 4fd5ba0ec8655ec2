import { css } from "lit";

/** What is written over an image: text in its corners, directions at its edges, what its segments are. */
export const imageMarks = css`
  .corner,
  .marker {
    position: absolute;
    text-shadow:
      0 0 3px #000,
      0 0 2px #000;
    pointer-events: none;
  }
  .corner {
    font-size: 12.5px;
    line-height: 1.45;
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
    text-align: right;
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
  .ai-label {
    position: absolute;
    top: 66px; /* below what the corners say */
    left: 50%;
    transform: translateX(-50%);
    padding: 3px 10px;
    border-radius: 999px;
    background: rgb(90 40 0 / 85%);
    color: #ffd9a0;
    font-size: 12.5px;
    white-space: nowrap;
    pointer-events: none;
  }
`;
