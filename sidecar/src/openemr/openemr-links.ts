/** What of ours OpenEMR has. */
export type LinkKind = "patient" | "encounter" | "medication" | "document";

export interface Link {
  /**
   * `attempting`: a write was begun and has no answer. `unclear`: a person was told that nobody knows what became of
   * it; whoever asks for it again has looked. `linked`: OpenEMR has it.
   */
  readonly state: "attempting" | "unclear" | "linked";
  /** OpenEMR's key of it: uuid, number or file name. */
  readonly key: string | null;
  /** Of patients: OpenEMR's number. */
  readonly pid: string | null;
  /** Of what OpenEMR had after our last write. */
  readonly digest: string | null;
}

export interface OpenEmrLinks {
  find(kind: LinkKind, subject: string): Promise<Link | null>;
  /** Before a write that OpenEMR would carry out twice if it were sent twice. */
  attempt(kind: LinkKind, subject: string): Promise<void>;
  /** The write was surely not carried out. */
  abandon(kind: LinkKind, subject: string): Promise<void>;
  unclear(kind: LinkKind, subject: string): Promise<void>;
  linked(
    kind: LinkKind,
    subject: string,
    to: { readonly key: string; readonly pid?: string; readonly digest?: string },
  ): Promise<void>;
  /** Those of the keys that stand for something of ours already. */
  taken(kind: LinkKind, keys: readonly string[]): Promise<Set<string>>;
}
