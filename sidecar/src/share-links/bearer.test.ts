import { expect, test } from "vitest";
import { permissionsOf } from "../authorization/permissions.js";
import { bearerOf } from "./bearer.js";

const link = { id: 5, permissions: ["view", "annotate"] as const, studyInstanceUids: ["1.2"] };
const doctor = { permissions: permissionsOf("doctor"), labels: ["ward-1"], patient: null };

test("the bearer of a link reaches its studies, as far as its creator does", () => {
  expect(bearerOf(link, doctor)).toMatchObject({
    subject: "share:5",
    permissions: ["view", "annotate"],
    labels: ["ward-1"],
    patient: null,
    studyInstanceUids: ["1.2"],
  });
});

test("a link gives nothing that its creator may no longer do", () => {
  const permissions = ["share", "view"] as const;
  expect(bearerOf(link, { ...doctor, permissions })).toMatchObject({ permissions: ["view"] });
});

test("a link of somebody who is gone or may no longer share has no bearer", () => {
  expect(bearerOf(link, null)).toBeNull();
  expect(bearerOf(link, { ...doctor, permissions: permissionsOf("nurse") })).toBeNull();
});

test("a link of somebody from an external provider gives what it names", () => {
  expect(bearerOf(link, { permissions: "every", labels: ["*"], patient: null })).toMatchObject({
    permissions: ["view", "annotate"],
  });
});
