import { expect, test } from "vitest";
import { sectionOf } from "./sections.js";

test("an address is of a section, of the first, or of another page", () => {
  expect(sectionOf("/admin")).toBe("first");
  expect(sectionOf("/admin/")).toBe("first");
  expect(sectionOf("/admin/outbox")).toBe("outbox");
  expect(sectionOf("/admin/break-glass")).toBe("break-glass");
  expect(sectionOf("/admin/hooks")).toBe("hooks");
  for (const path of ["/", "/viewer/1.2.3", "/admin/none", "/admin/users/1", "/administration"])
    expect(sectionOf(path), path).toBeUndefined();
});
