import { keyImageMessage, type KeyImageMessageKey } from "../../localization/key-image-messages.js";
import type { Language } from "../../localization/messages.js";
import type { KeyImageSelection, KeyImageTitle } from "../../studies/key-images.js";

const TITLE_TEXT: Readonly<Record<KeyImageTitle, KeyImageMessageKey>> = {
  "113000": "keyImageOfInterest",
  "113002": "keyImageReferrer",
  "113003": "keyImageSurgery",
  "113004": "keyImageTeaching",
  "113005": "keyImageConference",
  "113006": "keyImageTherapy",
  "113007": "keyImagePatient",
  "113008": "keyImagePeerReview",
  "113009": "keyImageResearch",
  "113018": "keyImagePrinting",
};

/** What a selection is for, in the reader's words; one of another system's own in its words. */
export function titleText(
  { value, scheme, meaning }: KeyImageSelection["title"],
  language: Language,
): string {
  const key = scheme === "DCM" && isOurs(value) ? TITLE_TEXT[value] : undefined;
  if (key !== undefined) return keyImageMessage(language, key);
  return meaning === "" ? keyImageMessage(language, "keyImageUntitled") : meaning;
}

function isOurs(value: string): value is KeyImageTitle {
  return Object.hasOwn(TITLE_TEXT, value);
}
