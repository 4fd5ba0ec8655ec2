import { patience } from "../../state/patience.js";

type Callback = (error: Error | null, ...results: unknown[]) => void;
type Statement = (...parameters: unknown[]) => unknown;

/** What we use of a connection of mysql2. */
interface Connection {
  query: Statement;
  execute: Statement;
  readonly stream: { destroy(error: Error): void };
}

/**
 * Has statements of requests end when the database hangs. The connection ends with its statement: an answer that comes
 * later belongs to nobody, and the next would wait behind it. As a lost connection it is not given back to the pool.
 */
export function boundStatements(connection: Connection): void {
  for (const method of ["query", "execute"] as const) {
    const ask = connection[method].bind(connection);
    connection[method] = (...parameters) => {
      const limit = patience();
      const answered = parameters.at(-1) as Callback | undefined;
      if (limit === undefined || typeof answered !== "function") return ask(...parameters);
      const timer = setTimeout(() => {
        limit.ranOut();
        connection.stream.destroy(
          Object.assign(new Error(`no answer within ${limit.milliseconds} ms`), { code: "ETIMEDOUT" }),
        );
      }, limit.milliseconds);
      return ask(...parameters.slice(0, -1), ((error, ...results) => {
        clearTimeout(timer);
        answered(error, ...results);
      }) satisfies Callback);
    };
  }
}
