import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { imageOf, People, type Image } from "../stack/people.js";
import { RunningStack } from "../stack/running-stack.js";

type Found = { readonly "0020000D": { readonly Value: readonly string[] } }[];

let stack: RunningStack;
let people: People;
let doctor: string;
const hong = imageOf(11, "H 1+2", "Hong^Gil Dong=洪^吉洞=홍^길동");
const kim = imageOf(12, "K-1", "Kim^Young=金^永=김^영");
const outOfReach = imageOf(13, "X-1", "Hong^Gil Su=洪^吉洙=홍^길수");

beforeAll(async () => {
  stack = await RunningStack.start();
  people = new People(stack);
  await people.store(hong.bytes, kim.bytes, outOfReach.bytes);
  for (const image of [hong, kim])
    expect(
      (
        await people.call(await stack.token(), "PUT", `/api/studies/${image.studyInstanceUid}/labels`, {
          labels: ["ward"],
        })
      ).status,
    ).toBeLessThan(300);
  await people.create("doctor-1", "doctor", { labels: ["ward"] });
  doctor = (await people.logIn("doctor-1")).accessToken;
});

afterAll(() => stack.stop());

async function found(token: string, query: string, level = "studies"): Promise<string[]> {
  const { status, body } = await people.call<Found>(token, "GET", `/dicom-web/${level}?${query}`);
  if (status === 204) return [];
  expect(status, query).toBe(200);
  return body.map((attributes) => attributes["0020000D"].Value[0] ?? "").sort();
}

const uids = (...images: Image[]) => images.map(({ studyInstanceUid }) => studyInstanceUid as string).sort();

test.each([
  ["a name as it is written", "PatientName=Hong^Gil*"],
  ["a name as browsers encode it", "PatientName=Hong%5EGil*"],
  ["with everything encoded", "PatientName=%48ong%5EGil%2A"],
  ["by tag", "00100010=Hong%5E%2A"],
  ["with a space", "PatientName=Hong%5EGil%20*"],
  ["with a space as forms write it", "PatientName=Hong%5EGil+*"],
  ["in Hangul", "PatientName=*%ED%99%8D%5E%EA%B8%B8*"],
  ["in Hanja", `PatientName=*${encodeURIComponent("洪^吉")}*`],
])("%s finds whom it names, and nobody out of reach", async (_how, query) => {
  expect(await found(await stack.token(), query)).toEqual(uids(hong, outOfReach));
  expect(await found(doctor, query)).toEqual(uids(hong));
  for (const level of ["series", "instances"]) {
    expect(await found(await stack.token(), query, level)).toEqual(uids(hong, outOfReach));
    expect(await found(doctor, query, level)).toEqual(uids(hong));
  }
});

test("what is encoded narrows together with what is not, and counts from where it is told to", async () => {
  const admin = await stack.token();
  expect(await found(admin, "PatientID=H%201%2B2")).toEqual(uids(hong));
  expect(await found(doctor, "PatientID=H%201%2B2&ModalitiesInStudy=MR")).toEqual(uids(hong));
  expect(await found(admin, "PatientName=*%ED%99%8D*&PatientID=X-1")).toEqual(uids(outOfReach));
  expect(await found(admin, `StudyInstanceUID=${hong.studyInstanceUid}%2C${kim.studyInstanceUid}`)).toEqual(
    uids(hong, kim),
  );
  const all = await found(admin, "PatientName=*%ED%99%8D*");
  const one = await found(admin, "PatientName=*%ED%99%8D*&limit=1");
  const other = await found(admin, "PatientName=*%ED%99%8D*&limit=1&offset=1");
  expect([...one, ...other].sort()).toEqual(all);
  expect(await found(admin, "PatientName=%EC%97%86%EC%9D%8C*")).toEqual([]);
  const series = `studies/${hong.studyInstanceUid}/series`;
  expect(await found(admin, "PatientName=*%ED%99%8D*", series)).toEqual(uids(hong));
  expect(await found(admin, "PatientName=*%EA%B9%80*", series)).toEqual([]);
});

test("an attribute that is asked for comes, however the list of them is written", async () => {
  const path = "/dicom-web/studies?PatientID=K-1&includefield=00081030%2C00080005";
  const { body } = await people.call<Record<string, unknown>[]>(await stack.token(), "GET", path);
  expect(body[0]).toHaveProperty("00081030");
});

test.each(["limit=-1", "offset=-1", "limit=x", "limit=1.5", "limit="])(
  "%s is refused with the reason",
  async (query) => {
    for (const token of [await stack.token(), doctor]) {
      const answer = await people.call(token, "GET", `/dicom-web/studies?${query}`);
      expect(answer.status).toBe(400);
      expect(answer.headers.get("content-type")).toContain("application/problem+json");
      expect(answer.body).toMatchObject({ code: "request-malformed" });
    }
  },
);

test("bytes beyond ASCII in a query are refused at the door, not broken off behind it", async () => {
  const { hostname, port } = new URL(stack.local.address);
  for (const path of ["/dicom-web/studies?PatientName=*홍*", "/api/studies?q=홍", "/?x=\u0001"]) {
    const answer = await new Promise<string>((resolve, reject) => {
      let text = "";
      const socket = connect(Number(port), hostname, () => {
        socket.write(`GET ${path} HTTP/1.1\r\nHost: ${hostname}\r\nConnection: close\r\n\r\n`, "utf8");
      });
      socket.setEncoding("latin1").on("data", (data) => (text += String(data)));
      socket.on("end", () => resolve(text)).on("error", reject);
    });
    expect(answer, path).toMatch(/^HTTP\/1\.1 400 /);
  }
});
