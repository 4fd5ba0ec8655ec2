/** What a record's resource points to, as references within the bundle; absent where the record has no such thing. */
export interface RecordReferences {
  readonly patient: string;
  readonly encounter?: string | undefined;
  /** Who wrote the record down: the Practitioner of the token's subject. */
  readonly author?: string | undefined;
  /** The order it answers. */
  readonly order?: string | undefined;
}

/** `{ [name]: { reference } }`, or nothing. */
export function link<Name extends string>(
  name: Name,
  reference: string | undefined,
): Partial<Record<Name, { reference: string }>> {
  return reference === undefined ? {} : ({ [name]: { reference } } as Record<Name, { reference: string }>);
}
