/** Texts of measuring by keys, which come with the viewer's code; `{name}` stands for a value. */
export const drawingEnglish = {
  drawHelp: "Arrow keys move the cursor, Enter puts down or takes up a point, Escape gives up.",
  drawCursor: "Column {column}, row {row}",
  drawPoint: "On a point: {what}",
  drawPlaced: "Drawn: {what}",
  drawCanceled: "Given up",
  keysDraw: "With a measuring tool: cursor, then point by point",
  keysDrawMove: "Move the cursor or the point; with Shift ten times as far",
  keysDrawNext: "To the next point of a measurement",
};

export type DrawingMessageKey = keyof typeof drawingEnglish;
