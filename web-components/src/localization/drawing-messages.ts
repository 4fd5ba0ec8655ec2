import { drawingEnglish, type DrawingMessageKey } from "./drawing-english.js";
import { drawingKorean } from "./drawing-korean.js";
import type { MessageKey } from "./messages.js";
import { textsBeside } from "./texts-beside.js";

/** What measuring by keys says: its own texts, and those that all elements share. */
export type DrawingText = DrawingMessageKey | MessageKey;

export const drawingMessage = textsBeside(drawingEnglish, drawingKorean);
