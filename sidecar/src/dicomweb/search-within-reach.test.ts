import { expect, test } from "vitest";
import { createPrincipal, EVERY_LABEL } from "../authorization/principal.js";
import { StudyAccess } from "../authorization/study-access.js";
import type { SearchTerm } from "./search-query.js";
import { searchWithinReach, type DicomJson } from "./search-within-reach.js";

const doctor = createPrincipal(
  {
    subject: "account:1",
    kind: "account",
    displayName: "",
    role: "doctor",
    permissions: ["view"],
    labels: ["cardio"],
    patient: null,
    studyInstanceUids: null,
    grants: [],
  },
  "jti",
  new Date(Date.now() + 60_000),
);
const admin = createPrincipal(
  {
    subject: "account:2",
    kind: "account",
    displayName: "",
    role: "admin",
    permissions: ["view"],
    labels: [EVERY_LABEL],
    patient: null,
    studyInstanceUids: null,
    grants: [],
  },
  "jti",
  new Date(Date.now() + 60_000),
);
const found = (uid: string): DicomJson => ({ "0020000D": { Value: [uid] } });

function searchOver(uids: readonly string[], answer: (path: string) => DicomJson[]) {
  const asked: string[] = [];
  const access = new StudyAccess({
    byUid: (uid) =>
      Promise.resolve([
        {
          studyInstanceUid: uid,
          orthancId: uid,
          patientKey: "",
          labels: uids.includes(uid) ? ["cardio"] : [],
        },
      ]),
    byOrthancId: () => Promise.resolve(null),
    labels: () => Promise.resolve([]),
    uidsWithin: (_filter, _narrowing, limit) => Promise.resolve(uids.slice(0, limit)),
  });
  const archive = {
    search: (path: string, terms: readonly SearchTerm[], wanted: number) => {
      const whole = [path, ...terms.map(([name, value]) => `${name}=${value}`)].join(" ");
      asked.push(whole);
      return Promise.resolve(answer(whole).slice(0, wanted));
    },
  };
  const search = (
    query: string,
    transaction: "searchStudies" | "searchSeries" = "searchStudies",
    principal = doctor,
  ) => searchWithinReach(principal, { transaction }, query, undefined, { access, archive });
  return { search, asked };
}
const uidIn = (path: string) => /(?:StudyInstanceUID=|studies\/)([\d.]+)/.exec(path)?.[1] ?? "";

test("the archive is asked for each study within reach, with the rest of the query", async () => {
  const { search, asked } = searchOver(["1.1", "1.2"], (path) => [found(uidIn(path))]);
  expect(await search("PatientName=A*&limit=10")).toEqual([found("1.1"), found("1.2")]);
  expect(asked).toEqual([
    "/studies StudyInstanceUID=1.1 PatientName=A*",
    "/studies StudyInstanceUID=1.2 PatientName=A*",
  ]);
});

test("limit and offset count over all of them, and no more is asked than is wanted", async () => {
  const uids = Array.from({ length: 100 }, (_value, index) => `1.${index + 1}`);
  const { search, asked } = searchOver(uids, (path) => [found(uidIn(path))]);
  expect(await search("limit=2&offset=3")).toEqual([found("1.4"), found("1.5")]);
  expect(asked.length).toBeLessThanOrEqual(8);
  expect(await search("limit=0")).toEqual([]);
});

test("what the archive answers about another study is dropped, whatever it made of the query", async () => {
  const { search } = searchOver(["1.1"], () => [found("1.1"), found("6.6.6"), {}]);
  expect(await search("", "searchSeries")).toEqual([found("1.1")]);
});

test("a named study out of reach is not asked for", async () => {
  const { search, asked } = searchOver(["1.1"], (path) => [found(uidIn(path))]);
  expect(await search("StudyInstanceUID=1.1\\6.6.6")).toEqual([found("1.1")]);
  expect(await search("StudyInstanceUID=6.6.6")).toEqual([]);
  expect(asked).toEqual(["/studies StudyInstanceUID=1.1"]);
});

test("a search that may match more than 200 studies is refused, saying what is possible", async () => {
  const uids = Array.from({ length: 201 }, (_value, index) => `1.${index + 1}`);
  const { search, asked } = searchOver(uids, () => []);
  await expect(search("")).rejects.toMatchObject({ status: 403, code: "search-too-broad" });
  await expect(search("")).rejects.toThrow(/StudyInstanceUID, PatientID/);
  expect(asked).toEqual([]);
});

test("who reaches everything asks the archive once, for as many as are wanted", async () => {
  const all = Array.from({ length: 9 }, (_value, index) => found(`2.${index}`));
  const { search, asked } = searchOver([], () => all);
  expect(
    await search("PatientName=%ED%99%8D*&StudyInstanceUID=2.1,2.2&limit=2&offset=3", "searchSeries", admin),
  ).toEqual([found("2.3"), found("2.4")]);
  expect(asked).toEqual(["/series StudyInstanceUID=2.1,2.2 PatientName=홍*"]);
});
