import { afterAll, beforeAll, expect, test } from "vitest";
import { StateUnavailable } from "../../src/state/state-error.js";
import { whileSomebodyWaits } from "../../src/state/patience.js";
import { LoneDatabase } from "../stack/lone-database.js";

let database: LoneDatabase;
beforeAll(async () => {
  database = await LoneDatabase.start();
});
afterAll(() => database.stop());

/** A second, of which the server knows. */
const SLOW = "SELECT SLEEP(1) AS slept";

test("a statement of a request that gets no answer fails as an outage, in a transaction too", async () => {
  const { sequelize } = database;
  const asked = () => whileSomebodyWaits(() => sequelize.query(SLOW), 200);
  await expect(asked()).rejects.toBeInstanceOf(StateUnavailable);
  const transaction = whileSomebodyWaits(
    () => sequelize.transaction((transaction) => sequelize.query(SLOW, { transaction })),
    200,
  );
  await expect(transaction).rejects.toBeInstanceOf(StateUnavailable);
});

test("the connection is not used again: nobody gets the late answer", async () => {
  const pool = database.connectAgain();
  const number = async () => (await pool.query("SELECT CONNECTION_ID() AS id"))[0] as { id: number }[];
  const [first] = await number();
  await expect(whileSomebodyWaits(() => pool.query(SLOW), 200)).rejects.toBeInstanceOf(StateUnavailable);
  const [second] = await number();
  expect(second?.id).toBeGreaterThan(first?.id ?? Infinity);
  await pool.close();
});

test("what nobody waits for takes the time it needs, and a request that was answered is not cut off later", async () => {
  const { sequelize } = database;
  await expect(sequelize.query(SLOW)).resolves.toBeDefined();
  await whileSomebodyWaits(async () => {
    await sequelize.query("SELECT 1");
    await new Promise((resolve) => setTimeout(resolve, 400));
    await sequelize.query("SELECT 1");
  }, 200);
});
