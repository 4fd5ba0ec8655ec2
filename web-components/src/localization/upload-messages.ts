import type { MessageKey } from "./messages.js";
import { textsBeside } from "./texts-beside.js";
import { uploadEnglish, type UploadMessageKey } from "./upload-english.js";
import { uploadKorean } from "./upload-korean.js";

/** What the upload says: its own texts, and those that all elements share. */
export type UploadText = UploadMessageKey | MessageKey;

export const uploadMessage = textsBeside(uploadEnglish, uploadKorean);
