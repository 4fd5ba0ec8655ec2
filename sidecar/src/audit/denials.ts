import type { Access } from "./access.js";

/** Different denials that one somebody has rows of their own for at a time. */
export const MOST_OF_ONE = 50;
/** Different denials at a time altogether. */
export const MOST_OF_ALL = 2_000;

/** Where nobody is named because there are too many. */
export const VARIOUS = "various";

/**
 * Keeps somebody who is refused again and again from filling the table: repeated denials are one row with a count, and
 * of somebody who tries many things the rest is one row that does not say what it was on.
 */
export class Denials {
  private readonly ofOne = new Map<string, number>();
  private ofAll = 0;

  /** The access, or a broader one that stands for it. */
  generalise(access: Access): Access {
    if (this.ofAll >= MOST_OF_ALL) {
      const { who, source } = access;
      return broad({
        ...access,
        who: { ...who, subject: "", displayName: "", role: null, tokenId: "", kind: "unknown" },
        source: { address: VARIOUS, userAgent: source.userAgent.slice(0, 0) },
      });
    }
    return (this.ofOne.get(actorOf(access)) ?? 0) >= MOST_OF_ONE ? broad(access) : access;
  }

  opened(access: Access): void {
    const actor = actorOf(access);
    this.ofOne.set(actor, (this.ofOne.get(actor) ?? 0) + 1);
    this.ofAll += 1;
  }

  over(access: Access): void {
    const actor = actorOf(access);
    const left = (this.ofOne.get(actor) ?? 0) - 1;
    if (left > 0) this.ofOne.set(actor, left);
    else this.ofOne.delete(actor);
    this.ofAll -= 1;
  }
}

function broad(access: Access): Access {
  return { ...access, studyInstanceUids: [], patient: null, target: VARIOUS };
}

function actorOf({ who, source }: Access): string {
  return who.subject === "" ? source.address : who.subject;
}
