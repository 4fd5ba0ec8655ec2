import { expect, test } from "vitest";
import { adminMessage } from "./admin-messages.js";
import { message } from "./messages.js";
import { formFor } from "./plural.js";
import { syncMessage } from "./sync-messages.js";
import { uploadMessage } from "./upload-messages.js";

test("English has a form for one, and another for all other numbers", () => {
  expect(message("en", "studyCount", { count: 1 })).toBe("1 study");
  for (const count of [0, 2, 21, "1,001"])
    expect(message("en", "studyCount", { count })).toBe(`${count} studies`);
});

test("the form goes by the number that the noun belongs to", () => {
  expect(message("en", "jobSlices", { done: 1, all: 12 })).toBe("1 of 12 images");
  expect(message("en", "jobSlices", { done: 0, all: 1 })).toBe("0 of 1 image");
  expect(uploadMessage("en", "uploadDone", { done: 1, all: 1 })).toBe("1 of 1 image is stored");
  expect(uploadMessage("en", "uploadDone", { done: 1, all: 2 })).toBe("1 of 2 images are stored");
  const values = { first: 1, last: 9, count: 9, waiting: 1 };
  expect(adminMessage("en", "chainValid", values)).toBe(
    "Whole: rows 1 to 9, 9 checked. 1 waits to be sealed.",
  );
});

test("texts of all parts have both forms", () => {
  expect(uploadMessage("en", "uploadStart", { count: 1 })).toBe("Send 1 image");
  expect(uploadMessage("en", "uploadLeftOut", { count: 1 })).toBe("1 file is not sent");
  expect(syncMessage("en", "syncPending", { count: 1 })).toBe("1 change waits");
  expect(message("en", "measuredCount", { count: 1 })).toBe("1 measurement");
  expect(message("en", "maskSize", { size: 1 })).toBe("Brush: 1 pixel");
  expect(adminMessage("en", "requests", { count: 1 })).toBe("1 request");
});

test("Korean has one form", () => {
  expect(message("ko", "studyCount", { count: 1 })).toBe(
    message("ko", "studyCount", { count: 2 }).replace("2", "1"),
  );
});

test("a number that is missing is many", () => {
  expect(formFor({ by: "count", one: "one", other: "other" }, {})).toBe("other");
});
