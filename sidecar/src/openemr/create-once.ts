import { OpenEmrError } from "./openemr-error.js";
import type { LinkKind, OpenEmrLinks } from "./openemr-links.js";

export interface Created {
  readonly key: string;
  readonly pid?: string;
  readonly digest?: string;
}

export interface Creation {
  readonly kind: LinkKind;
  readonly subject: string;
  /** `unknown`: OpenEMR does not say whether it has it. */
  find(): Promise<Created | "none" | "unknown">;
  create(): Promise<Created>;
}

/**
 * Creates what OpenEMR has no idempotent write for, once: the attempt is written down before it is made, and an attempt
 * without an answer is looked for before it is made again. Where OpenEMR does not tell, a person decides.
 * @throws OpenEmrError `openemr-uncertain` once; asked again (the message was replayed), it is created
 */
export async function createOnce(creation: Creation, links: OpenEmrLinks): Promise<Created> {
  const { kind, subject } = creation;
  const link = await links.find(kind, subject);
  if (link !== null) {
    const found = await creation.find();
    if (typeof found === "object") {
      await links.linked(kind, subject, found);
      return found;
    }
    if (found === "unknown" && link.state === "attempting") {
      await links.unclear(kind, subject);
      throw new OpenEmrError(
        "openemr-uncertain",
        "OpenEMR did not answer and does not say whether it has it: look in the chart, then replay or drop the message",
      );
    }
  }
  await links.attempt(kind, subject);
  let created: Created;
  try {
    created = await creation.create();
  } catch (error) {
    if (error instanceof OpenEmrError && !error.uncertain) await links.abandon(kind, subject);
    throw error;
  }
  await links.linked(kind, subject, created);
  return created;
}
