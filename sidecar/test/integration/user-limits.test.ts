import { afterAll, beforeAll, expect, test } from "vitest";
import { People } from "../stack/people.js";
import { RunningStack } from "../stack/running-stack.js";

const LIMIT = 120;
let stack: RunningStack;
let people: People;

beforeAll(async () => {
  stack = await RunningStack.start({ settings: { NEURONOVA_REQUESTS_PER_MINUTE: String(LIMIT) } });
  people = new People(stack);
});

afterAll(() => stack.stop());

test("a user has a number of requests in a minute, with all their logins together; another is not held up", async () => {
  await people.create("busy-nurse", "nurse");
  await people.create("other-nurse", "nurse");
  const tokens = [
    (await people.logIn("busy-nurse")).accessToken,
    (await people.logIn("busy-nurse")).accessToken,
  ];
  const other = (await people.logIn("other-nurse")).accessToken;
  const paths = ["/api/studies", "/dicom-web/studies"];
  const answers = await Promise.all(
    Array.from({ length: LIMIT + 60 }, (_, index) =>
      people.call(tokens[index % 2], "GET", paths[Math.floor(index / 2) % 2] ?? ""),
    ),
  );
  const refused = answers.filter(({ status }) => status === 429);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(LIMIT);
  expect(refused).toHaveLength(60);
  for (const { body, headers } of refused) {
    expect(body).toMatchObject({ code: "too-many-requests" });
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
  }
  for (const path of paths) expect((await people.call(other, "GET", path)).status).toBe(200);
});
