import { describe, expect, test } from "vitest";
import { AUDITED_ROUTES } from "./audited-routes.js";
import { routeFinder } from "./find-route.js";

const find = routeFinder(AUDITED_ROUTES);

describe("the table of routes", () => {
  test("finds a request's line, with what its address names", () => {
    expect(find("GET", "/api/studies/1.2.3")).toMatchObject({
      route: { action: "view" },
      params: { studyInstanceUid: "1.2.3" },
    });
    expect(find("HEAD", "/api/studies/")).toMatchObject({ route: { action: "list" } });
    expect(find("DELETE", "/api/clients/a%20b")).toMatchObject({ params: { clientId: "a b" } });
    expect(find("GET", "/api/models")).toEqual({ route: AUDITED_ROUTES["GET /api/models"] });
  });

  test("finds nothing for what is not in it", () => {
    for (const [method, path] of [
      ["DELETE", "/api/studies/1.2.3"],
      ["GET", "/api/studies/1.2.3/other"],
      ["GET", "/api/studies//fhir"],
      ["GET", "/api//studies"],
      ["GET", "/API/studies"],
      ["GET", "/api/studies/%zz"],
      ["GET", "/"],
      ["PUT", "/api/break-glass"],
    ] as const)
      expect(find(method, path), `${method} ${path}`).toBeUndefined();
  });

  test("takes studies and patients from a body only when they are there", () => {
    const route = AUDITED_ROUTES["POST /api/share-links"];
    const studies = (body: unknown) => (route && "studies" in route ? route.studies({}, body) : undefined);
    expect(studies({ studyInstanceUids: ["1.2", "1.2", "x", "1.3"] })).toEqual(["1.2", "1.3"]);
    for (const body of [undefined, null, "x", { studyInstanceUids: "1.2" }, { studyInstanceUids: [1] }])
      expect(studies(body)).toEqual([]);
  });

  test("gives a reason wherever a route is not recorded", () => {
    for (const [name, route] of Object.entries(AUDITED_ROUTES))
      if ("unaudited" in route) expect(route.unaudited.length, name).toBeGreaterThan(5);
  });
});
