import { mprEnglish } from "./mpr-english.js";
import { mprKorean } from "./mpr-korean.js";
import { textsBeside } from "./texts-beside.js";

export const mprMessage = textsBeside(mprEnglish, mprKorean);
