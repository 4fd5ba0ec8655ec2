import { QueryTypes, type Sequelize, type Transaction } from "sequelize";

type Replacements = Record<string, unknown>;

/** Plain statements with named parameters. */
export class Statements {
  constructor(private readonly sequelize: Sequelize) {}

  select<T extends object>(
    statement: string,
    replacements: Replacements,
    transaction?: Transaction,
  ): Promise<T[]> {
    return this.sequelize.query<T>(statement, {
      replacements,
      type: QueryTypes.SELECT,
      ...(transaction ? { transaction } : {}),
    });
  }

  /** @returns how many rows changed */
  async change(statement: string, replacements: Replacements, transaction?: Transaction): Promise<number> {
    const [, affected] = await this.sequelize.query(statement, {
      replacements,
      type: QueryTypes.UPDATE,
      ...(transaction ? { transaction } : {}),
    });
    return affected;
  }

  /** @returns the number the new row was given */
  async insert(statement: string, replacements: Replacements, transaction?: Transaction): Promise<number> {
    const [id] = await this.sequelize.query(statement, {
      replacements,
      type: QueryTypes.INSERT,
      ...(transaction ? { transaction } : {}),
    });
    return id;
  }

  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.sequelize.transaction(work);
  }
}
