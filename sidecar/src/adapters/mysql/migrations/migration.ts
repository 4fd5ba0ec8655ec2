/**
 * A numbered step of the schema. Each statement must bear being run again: MySQL commits DDL one by one. That a column
 * or key is there already counts as done, so an ALTER TABLE adds all of its own or nothing.
 */
export interface Migration {
  readonly name: string;
  /** The program of the version before works on with the schema that this leaves: both may run during an upgrade. */
  readonly bearsOlder?: true;
  readonly statements: readonly string[];
}
