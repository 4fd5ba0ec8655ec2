import type { ShareCheck } from "../share-links/share-links.js";
import type { PresentedToken } from "./presented-token.js";

/** The plugin's answer to `tokens/decode`. */
export interface DecodedToken {
  readonly "token-type"?: string;
  readonly "redirect-url"?: string;
  readonly "error-code"?: "expired" | "invalid" | "unknown";
  readonly resources: readonly {
    readonly "dicom-uid": string;
    readonly "orthanc-id": null;
    readonly url: null;
    readonly level: "study";
  }[];
}

/** What a share link's token is for, and where it leads: with the token in the fragment, which no server sees. */
export async function decodeToken(
  { value }: PresentedToken,
  shareLinks: { check(token: string): Promise<ShareCheck> },
  publicUrl: string | undefined,
): Promise<DecodedToken> {
  const token = value.replace(/^Bearer +/i, "");
  const check = await shareLinks.check(token);
  if (check.state !== "valid") return { "error-code": check.state, resources: [] };
  return {
    "token-type": check.link.type,
    ...(publicUrl === undefined ? {} : { "redirect-url": landingPage(publicUrl, token) }),
    resources: check.link.studyInstanceUids.map((uid) => ({
      "dicom-uid": uid,
      "orthanc-id": null,
      url: null,
      level: "study",
    })),
  };
}

export function landingPage(publicUrl: string, token: string): string {
  return `${publicUrl}/share#${token}`;
}
