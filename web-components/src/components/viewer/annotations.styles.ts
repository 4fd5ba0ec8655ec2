import { css } from "lit";

/** Measurements over what they were drawn on, and the cursor that keys move. */
export const annotationStyles = css`
  .annotations {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    pointer-events: none;
    overflow: hidden;
  }
  .annotations polyline {
    fill: none;
    stroke: #ffe14d;
    stroke-width: 1.5;
  }
  .annotations .cross,
  .annotations .rim {
    fill: none;
    stroke: #fff;
    stroke-width: 1.5;
  }
  .annotations .rim {
    stroke: #000;
    stroke-width: 4;
  }
  .annotations circle {
    fill: #000;
    stroke: #ffe14d;
  }
  .annotations text {
    fill: #ffe14d;
    stroke: #000;
    stroke-width: 3;
    paint-order: stroke;
    font-size: 13px;
  }
`;
