import { readFileSync } from "node:fs";
import { validate } from "dockerfile-utils";
import { expect, it } from "vitest";

const dockerfile = readFileSync(new URL("../../docker/Dockerfile", import.meta.url), "utf8");

it("the linter finds nothing wrong with docker/Dockerfile, and finds what is wrong with another", () => {
  expect(validate(dockerfile)).toEqual([]);
  expect(validate("FROM node AS a\nUSR node\n").map(({ message }) => message)).toEqual([
    "Unknown instruction: USR",
  ]);
});
