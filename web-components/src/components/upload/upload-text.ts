import { type Language } from "../../localization/messages.js";
import { uploadMessage, type UploadText } from "../../localization/upload-messages.js";
import type { LeftOutReason } from "../../upload/chosen-file.js";
import type { StoreFault } from "../../upload/store-instance.js";
import type { UploadItem, UploadTrouble } from "../../upload/upload-queue.js";

const REASONS: Readonly<Record<LeftOutReason | StoreFault, UploadText>> = {
  "not-dicom": "uploadNotDicom",
  "header-unreadable": "uploadHeaderUnreadable",
  "directory-of-a-medium": "uploadDirectory",
  unreadable: "uploadUnreadable",
  "archive-unreadable": "uploadArchiveUnreadable",
  "archive-encrypted": "uploadArchiveEncrypted",
  "archive-in-archive": "uploadArchiveInArchive",
  empty: "uploadEmpty",
  "chosen-twice": "uploadTwice",
  "may-not-upload": "uploadMayNot",
  "not-authorized": "uploadNotAuthorized",
  "too-large": "uploadTooLarge",
  "not-understood": "uploadNotUnderstood",
  refused: "uploadRefused",
  "file-gone": "uploadUnreadable",
  "server-fault": "uploadServerFault",
};
const STATES: Readonly<Record<UploadItem["state"], UploadText>> = {
  waiting: "uploadWaiting",
  sending: "uploadSending",
  stored: "uploadStored",
  there: "uploadThere",
  failed: "uploadFailed",
  canceled: "uploadCanceled",
};
const TROUBLES: Readonly<Record<UploadTrouble["why"], UploadText>> = {
  connection: "uploadConnectionAway",
  server: "uploadServerBusy",
  access: "uploadAccessAway",
};

export function reasonText(reason: LeftOutReason | StoreFault, language: Language): string {
  return uploadMessage(language, REASONS[reason]);
}

export function stateText({ state }: Pick<UploadItem, "state">, language: Language): string {
  return uploadMessage(language, STATES[state]);
}

export function troubleText({ why }: UploadTrouble, language: Language): string {
  return uploadMessage(language, TROUBLES[why]);
}

/** Bytes for people, in units of 1,000 (IEC 80000-13). */
export function sizeText(bytes: number, language: Language): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
  const power = bytes < 1 ? 0 : Math.min(3, Math.floor(Math.log10(bytes) / 3));
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit: units[power] ?? "byte",
    unitDisplay: "short",
    maximumFractionDigits: power === 0 ? 0 : 1,
  }).format(bytes / 1_000 ** power);
}
