import { keyImageEnglish } from "./key-image-english.js";
import { keyImageKorean } from "./key-image-korean.js";
import { textsBeside } from "./texts-beside.js";

export type { KeyImageMessageKey } from "./key-image-english.js";

export const keyImageMessage = textsBeside(keyImageEnglish, keyImageKorean);
