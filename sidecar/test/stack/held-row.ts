import { createConnection } from "mysql2/promise";
import type { RunningStack } from "./running-stack.js";

/** Holds rows of the stack's database, so that whoever wants to change them waits, until it is let go. */
export async function holdRows({ local }: RunningStack, statement: string): Promise<() => Promise<void>> {
  const { username, password, pathname, searchParams } = new URL(local.databaseUrl);
  const connection = await createConnection({
    user: username,
    password: decodeURIComponent(password),
    database: pathname.slice(1),
    socketPath: searchParams.get("socketPath") ?? "",
  });
  await connection.beginTransaction();
  await connection.query(`${statement} FOR UPDATE`);
  return async () => {
    await connection.rollback();
    await connection.end();
  };
}
