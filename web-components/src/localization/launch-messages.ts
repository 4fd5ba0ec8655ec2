import { launchEnglish } from "./launch-english.js";
import { launchKorean } from "./launch-korean.js";
import { textsBeside } from "./texts-beside.js";

export type { LaunchMessageKey } from "./launch-english.js";

export const launchMessage = textsBeside(launchEnglish, launchKorean);
