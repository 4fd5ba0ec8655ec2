import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { People, imageOf, instancePath, studyPath, until, type Answer, type Image } from "../stack/people.js";
import { RunningStack } from "../stack/running-stack.js";

let stack: RunningStack;
let people: People;
const hers = imageOf(1, "P-1", "Hers^Patient");
const his = imageOf(2, "P-2", "His^Patient");

beforeAll(async () => {
  stack = await RunningStack.start();
  people = new People(stack);
  await people.store(hers.bytes, his.bytes);
});

afterAll(() => stack.stop());

describe("a patient", () => {
  let token: string;
  beforeAll(async () => {
    await people.create("patient-1", "patient", { patient: { patientId: "P-1" } });
    token = (await people.logIn("patient-1")).accessToken;
  });

  test("sees their own study by every route, and no other by any", async () => {
    const routes = (image: Image) => [
      studyPath(image),
      `${studyPath(image)}/metadata`,
      `${studyPath(image)}/series/${image.seriesInstanceUid}`,
      instancePath(image),
      `${instancePath(image)}/metadata`,
      `${instancePath(image)}/frames/1`,
      `${instancePath(image)}/rendered`,
      `/api/studies/${image.studyInstanceUid}`,
    ];
    for (const path of routes(hers)) expect((await people.call(token, "GET", path)).status, path).toBe(200);
    for (const path of routes(his))
      expect((await people.call(token, "GET", path)).status, path).toBe(path.startsWith("/api") ? 404 : 403);
    const fhir = await people.call(token, "GET", `/api/studies/${his.studyInstanceUid}/fhir`);
    expect(fhir.status).toBe(404);
  });

  test("finds their own study alone, whatever they search for", async () => {
    const uidsOf = ({ body }: Answer<{ "0020000D": { Value: string[] } }[]>) =>
      body.map((attributes) => attributes["0020000D"].Value[0]);
    for (const query of ["", "?PatientID=*", "?PatientID=P-2", `?StudyInstanceUID=${his.studyInstanceUid}`]) {
      for (const level of ["studies", "series", "instances"]) {
        const found = await people.call<{ "0020000D": { Value: string[] } }[]>(
          token,
          "GET",
          `/dicom-web/${level}${query}`,
        );
        expect(found.status).toBe(200);
        const expected = query === "" || query === "?PatientID=*" ? [hers.studyInstanceUid] : [];
        expect(uidsOf(found), level + query).toEqual(expected);
      }
    }
    const crossed = `${studyPath(hers)}/series?StudyInstanceUID=${his.studyInstanceUid}`;
    expect((await people.call<unknown[]>(token, "GET", crossed)).body).toEqual([]);
    expect((await people.call(token, "GET", "/dicom-web/studies?0020000D=1&StudyInstanceUID=2")).status).toBe(
      400,
    );
    const list = await people.call<{ total: number; studies: { studyInstanceUid: string }[] }>(
      token,
      "GET",
      "/api/studies",
    );
    expect(list.body.total).toBe(1);
    expect(list.body.studies.map(({ studyInstanceUid }) => studyInstanceUid)).toEqual([
      hers.studyInstanceUid,
    ]);
  });

  test("gets the same answer for another's study, an unknown one and what is no UID at all", async () => {
    const ask = (who: string, uid: string) => people.call(who, "GET", `/api/studies/${uid}`);
    const none = await ask(token, "1.2.3.4");
    expect(none.status).toBe(404);
    for (const uid of [his.studyInstanceUid, "'%20OR%201=1"])
      expect(await ask(token, uid)).toMatchObject({ status: 404, body: none.body });
    // nginx refuses what is not plain before anybody asks who it is.
    for (const who of [token, await stack.token()]) expect((await ask(who, "%ED%99%8D")).status).toBe(400);
  });

  test("addresses in what they find lead back to the public way", async () => {
    const found = await people.call<{ "00081190": { Value: string[] } }[]>(
      token,
      "GET",
      "/dicom-web/studies",
    );
    expect(found.body[0]?.["00081190"].Value[0]).toBe(stack.local.address + studyPath(hers));
  });

  test("gets nothing of another's series or instance under the UID of their own study", async () => {
    const series = `${studyPath(hers)}/series/${his.seriesInstanceUid}`;
    const instance = `${series}/instances/${his.sopInstanceUid}`;
    const mixed = `${studyPath(hers)}/series/${hers.seriesInstanceUid}/instances/${his.sopInstanceUid}`;
    for (const path of [
      series,
      `${series}/metadata`,
      instance,
      `${instance}/metadata`,
      `${instance}/frames/1`,
      `${instance}/rendered`,
      mixed,
      `${mixed}/metadata`,
      `${mixed}/frames/1`,
      `${mixed}/rendered`,
    ]) {
      const response = await fetch(stack.local.address + path, {
        headers: { Authorization: `Bearer ${token}` },
      });
      const body = Buffer.from(await response.arrayBuffer()).toString("latin1");
      expect(body.includes("His^Patient") || body.includes(his.studyInstanceUid), path).toBe(false);
      expect(response.status === 200 && body !== "[]" && body !== "", `${path} ${body.slice(0, 80)}`).toBe(
        false,
      );
    }
  });

  test("does not find a study whose UID another patient's study has too", async () => {
    // The same study once more, of another patient: Orthanc answers for both under the one UID.
    const shared = imageOf(3, "P-3", "Third^Patient");
    const text = Buffer.from(shared.bytes).toString("latin1");
    const twin = Buffer.from(text.replaceAll("P-3 ", "P-4 "), "latin1");
    expect(twin.equals(Buffer.from(shared.bytes))).toBe(false);
    await people.store(shared.bytes);
    const third = await people.token("patient-3", "patient", { patient: { patientId: "P-3" } });
    const find = () => people.call<unknown[]>(third, "GET", "/dicom-web/studies");
    expect((await find()).body).toHaveLength(1);
    await people.store(twin);
    expect((await find()).body).toEqual([]);
    await until(403, () => people.call(third, "GET", `${studyPath(shared)}/metadata`), 6);
  });

  test("may neither store, share, administer nor label", async () => {
    expect((await people.call(token, "POST", "/dicom-web/studies")).status).toBe(403);
    expect((await people.call(token, "GET", "/orthanc/system")).status).toBe(403);
    for (const path of [
      "/api/accounts",
      "/api/api-keys",
      "/api/clients",
      "/api/failures",
      "/api/break-glass",
    ])
      expect((await people.call(token, "GET", path)).status, path).toBe(403);
    expect((await people.call(token, "POST", "/api/share-links", {})).status).toBe(403);
    const labels = `/api/studies/${hers.studyInstanceUid}/labels`;
    expect((await people.call(token, "PUT", labels, { labels: [] })).status).toBe(403);
  });

  test("hears of their own study alone on the event socket", async () => {
    const heard = await new Promise<{ studyInstanceUid?: string; sequence: number }[]>((resolve, reject) => {
      const socket = new WebSocket(`${stack.local.address.replace("http", "ws")}/api/events`);
      const events: { studyInstanceUid?: string; sequence: number }[] = [];
      socket.once("open", () => socket.send(JSON.stringify({ type: "authenticate", token, since: 0 })));
      socket.on("message", (data: Buffer) => {
        const message = JSON.parse(data.toString("utf8")) as { type: string; sequence: number };
        if (message.type !== "event") return;
        events.push(message);
        if (events.filter((event) => "event" in event).length >= 2) {
          socket.close();
          resolve(events);
        }
      });
      socket.once("error", reject);
    });
    expect(new Set(heard.map(({ studyInstanceUid }) => studyInstanceUid))).toEqual(
      new Set([hers.studyInstanceUid]),
    );
  });
});

describe("labels", () => {
  test("restrict a doctor to the studies that have one, as soon as they are set", async () => {
    await people.create("cardiologist", "doctor", { labels: ["cardio"] });
    const { accessToken } = await people.logIn("cardiologist");
    expect((await people.call(accessToken, "GET", `${studyPath(hers)}/metadata`)).status).toBe(403);
    const labels = `/api/studies/${hers.studyInstanceUid}/labels`;
    expect((await people.call(await stack.token(), "PUT", labels, { labels: ["cardio"] })).status).toBe(204);
    await until(200, () => people.call(accessToken, "GET", `${studyPath(hers)}/metadata`), 5);
    expect((await people.call(accessToken, "GET", `${studyPath(his)}/metadata`)).status).toBe(403);
    const list = await people.call<{ total: number }>(accessToken, "GET", "/api/studies");
    expect(list.body.total).toBe(1);
    await people.call(await stack.token(), "PUT", labels, { labels: [] });
    await until(403, () => people.call(accessToken, "GET", `${studyPath(hers)}/metadata`), 5);
  });
});
