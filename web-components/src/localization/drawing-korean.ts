import type { DrawingMessageKey } from "./drawing-english.js";

export const drawingKorean: Readonly<Record<DrawingMessageKey, string>> = {
  drawHelp: "화살표 키로 커서를 옮기고, Enter로 점을 찍거나 집고, Esc로 그만둡니다.",
  drawCursor: "{column}열 {row}행",
  drawPoint: "점 위: {what}",
  drawPlaced: "그림: {what}",
  drawCanceled: "그만둠",
  keysDraw: "측정 도구에서: 커서 표시, 이어서 점 찍기",
  keysDrawMove: "커서 또는 점 이동, Shift와 함께 열 배",
  keysDrawNext: "다음 측정점으로",
};
