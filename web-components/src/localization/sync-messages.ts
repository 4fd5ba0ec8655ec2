import type { MessageKey } from "./messages.js";
import { syncEnglish, type SyncMessageKey } from "./sync-english.js";
import { syncKorean } from "./sync-korean.js";
import { textsBeside } from "./texts-beside.js";

/** Texts of the state of synchronisation: their own, and those that all elements share. */
export type SyncText = SyncMessageKey | MessageKey;

export const syncMessage = textsBeside(syncEnglish, syncKorean);
