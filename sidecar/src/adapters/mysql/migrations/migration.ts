/** A numbered step of the schema. Each statement must bear being run again: MySQL commits DDL one by one. */
export interface Migration {
  readonly name: string;
  readonly statements: readonly string[];
}
