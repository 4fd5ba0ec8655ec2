import express, { type Request, type Response, type Router } from "express";
import { randomUUID } from "node:crypto";

type Row = Record<string, string>;

/** What the server keeps, and its endpoints' answers: shapes and status codes as OpenEMR's own. */
export class OpenEmrData {
  readonly patients: Row[] = [];
  readonly encounters: Row[] = [];
  readonly medications: Row[] = [];
  readonly documents: { readonly pid: string; readonly path: string; filename: string; bytes: Buffer }[] = [];
  /** OpenEMR's clock, of whole seconds; it does not say the zone. */
  now = () => new Date().toISOString().slice(0, 19).replace("T", " ");
  /** Versions differ in whether they keep to `_sort`. */
  keepsOrder = true;
  /** Versions before 7 have no list of documents. */
  listsDocuments = true;

  addPatient(row: Row): Row {
    const pid = String(this.patients.length + 1);
    // Without a public identifier a patient gets its number for one.
    const patient = { pubpid: pid, date: this.now(), ...row, pid, uuid: randomUUID() };
    this.patients.push(patient);
    return patient;
  }

  changePatient(uuid: string, members: Row): void {
    const patient = this.patients.find((row) => row["uuid"] === uuid);
    if (patient !== undefined) Object.assign(patient, members, { date: this.now() });
  }

  route(api: Router): void {
    api.get("/patient", (request, response) => this.search(request, response));
    api.post("/patient", (request, response) => this.create(request, response));
    api.get("/patient/:puuid", (request, response) => {
      const found = this.patients.find(({ uuid }) => uuid === request.params.puuid);
      wrap(response, found === undefined ? 404 : 200, found ?? []);
    });
    api.put("/patient/:puuid", (request, response) => {
      const { puuid } = request.params;
      const errors = faultsOf(request.body as Row, false);
      if (this.patients.every(({ uuid }) => uuid !== puuid)) errors["uuid"] = { "Callback::INVALID": "" };
      if (Object.keys(errors).length > 0) {
        refuse(response, errors);
        return;
      }
      this.changePatient(puuid, request.body as Row);
      wrap(response, 200, [this.patients.find(({ uuid }) => uuid === puuid)]);
    });
    this.routeChart(api);
    this.routeDocuments(api);
  }

  private search({ query }: Request, response: Response): void {
    const { _sort, _offset = "0", _limit = "0", ...members } = query as Record<string, string>;
    const fits = this.patients.filter((row) =>
      // Members that are no search parameter are passed over in silence; `date` is one of those.
      ["fname", "lname", "DOB", "sex"].every((name) => [undefined, row[name]].includes(members[name])),
    );
    if (_sort === "-date" && this.keepsOrder)
      fits.sort((one, other) => (other["date"] ?? "").localeCompare(one["date"] ?? ""));
    const limit = Number(_limit) === 0 ? fits.length : Math.min(200, Number(_limit));
    wrap(response, 200, fits.slice(Number(_offset), Number(_offset) + limit));
  }

  private create(request: Request, response: Response): void {
    const errors = faultsOf(request.body as Row, true);
    if (Object.keys(errors).length > 0) {
      refuse(response, errors);
      return;
    }
    const { pid = "", uuid } = this.addPatient(request.body as Row);
    wrap(response, 201, { pid: Number(pid), uuid });
  }

  private routeChart(api: Router): void {
    const ofPatient = (uuid: string) => this.encounters.filter((row) => row["puuid"] === uuid);
    api.get("/patient/:puuid/encounter", (request, response) => {
      const rows = ofPatient(request.params.puuid);
      wrap(response, rows.length === 0 ? 404 : 200, rows);
    });
    api.post("/patient/:puuid/encounter", (request, response) => {
      const body = request.body as Row;
      const missing = ["pc_catid", "class_code"].filter((name) => (body[name] ?? "") === "");
      if (missing.length > 0) {
        refuse(response, Object.fromEntries(missing.map((name) => [name, { "Required::NON": "" }])));
        return;
      }
      const encounter = { ...body, uuid: randomUUID(), puuid: request.params.puuid };
      this.encounters.push(encounter);
      wrap(response, 201, { encounter: this.encounters.length, uuid: encounter.uuid });
    });
    api.put("/patient/:puuid/encounter/:euuid", (request, response) => {
      const found = ofPatient(request.params.puuid).find(({ uuid }) => uuid === request.params.euuid);
      if (found === undefined) {
        refuse(response, { euuid: { "Callback::INVALID": "" } });
        return;
      }
      Object.assign(found, request.body);
      wrap(response, 200, found);
    });
    // Medications go by number, not by uuid, and are not wrapped.
    api.get("/patient/:pid/medication", (request, response) => {
      const rows = this.medications.filter(({ pid }) => pid === request.params.pid);
      if (rows.length === 0) response.status(404).end();
      else response.json(rows);
    });
    api.post("/patient/:pid/medication", (request, response) => {
      const id = String(this.medications.length + 100);
      this.medications.push({ ...(request.body as Row), id, pid: request.params.pid });
      response.status(201).json({ id: Number(id) });
    });
    api.put("/patient/:pid/medication/:mid", (request, response) => {
      const found = this.medications.find(({ id }) => id === request.params.mid);
      if (found === undefined) response.status(404).end();
      else response.json(Object.assign(found, request.body));
    });
  }

  private routeDocuments(api: Router): void {
    api.get("/patient/:pid/document", (request, response) => {
      const rows = this.documents.filter(
        ({ pid, path }) => pid === request.params.pid && path === request.query["path"],
      );
      // Nothing found, and no such endpoint, look the same.
      if (!this.listsDocuments || rows.length === 0) response.status(404).end();
      else response.json(rows.map(({ filename }, id) => ({ filename, id, mimetype: "application/pdf" })));
    });
    api.post(
      "/patient/:pid/document",
      express.raw({ type: "multipart/form-data", limit: "20mb" }),
      (request: Request, response: Response) => {
        const path = request.query["path"];
        // Without a category it answers its error page, with status 200.
        if (typeof path !== "string") {
          response.type("html").send("<html><body>Error</body></html>");
          return;
        }
        const file = onlyFile(request.body as Buffer);
        if (file === undefined) {
          refuse(response, { document: ["A valid document file is required"] });
          return;
        }
        this.documents.push({ pid: String(request.params["pid"]), path, ...file });
        response.json(true);
      },
    );
  }
}

/** The file of a form of one field (RFC 7578 4.2). */
function onlyFile(body: Buffer): { filename: string; bytes: Buffer } | undefined {
  const headersEnd = body.indexOf("\r\n\r\n");
  const boundary = body.subarray(0, body.indexOf("\r\n")).toString("latin1");
  const headers = body.subarray(0, headersEnd).toString("utf8");
  const filename = /name="document"; filename="([^"]+)"/.exec(headers)?.[1];
  const end = body.lastIndexOf(`\r\n${boundary}--`);
  return filename === undefined || end === -1
    ? undefined
    : { filename, bytes: Buffer.from(body.subarray(headersEnd + 4, end)) };
}

function wrap(response: Response, status: number, data: unknown): void {
  response.status(status).json({ validationErrors: [], internalErrors: [], data });
}

function refuse(response: Response, validationErrors: Record<string, unknown>): void {
  response.status(400).json({ validationErrors, internalErrors: [], data: [] });
}

/** OpenEMR's own rules of a patient: which members, and their length in bytes. */
function faultsOf(body: Row, inserting: boolean): Record<string, unknown> {
  const least: Record<string, number> = { fname: 1, lname: 2, sex: 4, DOB: 10 };
  return Object.fromEntries(
    Object.entries(least)
      .filter(([name, bytes]) => (inserting || name in body) && Buffer.byteLength(body[name] ?? "") < bytes)
      .map(([name]) => [name, { "LengthBetween::TOO_SHORT": `${name} is too short` }]),
  );
}
