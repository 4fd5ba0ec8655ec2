import { expect } from "vitest";
import { createDemoStudy } from "../../src/phantom/demo-study.js";
import type { RunningStack } from "./running-stack.js";

export const PASSWORD = "a password long enough";

export interface Answer<T = Record<string, unknown>> {
  readonly status: number;
  readonly body: T;
  readonly headers: Headers;
}

export interface SessionTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

export type Image = ReturnType<typeof imageOf>;

/** A study of one small image, of the patient with this Patient ID. */
export function imageOf(seed: number, id: string, name: string) {
  const patient = { name, id, birthDate: "19700101", sex: "F" as const };
  const [image] = createDemoStudy({ seed, slices: 1, rows: 32, columns: 32, patient });
  if (image === undefined) throw new Error("the demo study has no image");
  return image;
}

export const studyPath = (image: Image) => `/dicom-web/studies/${image.studyInstanceUid}`;
export const instancePath = (image: Image) =>
  `${studyPath(image)}/series/${image.seriesInstanceUid}/instances/${image.sopInstanceUid}`;

/** People with accounts of their own, who talk to a running stack through nginx. */
export class People {
  constructor(private readonly stack: RunningStack) {}

  /** Stores the images and waits until they have arrived. */
  async store(...files: readonly Uint8Array[]): Promise<void> {
    const events = await this.stack.events();
    await this.stack.storeOverWeb(files);
    await events.until("renditions", () => events.of("instance.rendered").length === files.length);
    events.close();
  }

  async call<T = Record<string, unknown>>(
    token: string | undefined,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Answer<T>> {
    const response = await fetch(this.stack.local.address + path, {
      method,
      headers: {
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const parsed = /^[{[]/.test(text) ? (JSON.parse(text) as T) : ({} as T);
    return { status: response.status, body: parsed, headers: response.headers };
  }

  /** @returns the account's number */
  async create(username: string, role: string, rest: object = {}): Promise<number> {
    const account = { username, role, password: PASSWORD, ...rest };
    const created = await this.call<{ id: number }>(
      await this.stack.token(),
      "POST",
      "/api/accounts",
      account,
    );
    expect(created.status, JSON.stringify(created.body)).toBe(201);
    return created.body.id;
  }

  async logIn(username: string, password = PASSWORD): Promise<SessionTokens> {
    const credentials = { username, password, refreshTokenIn: "body" };
    const login = await this.call<SessionTokens>(undefined, "POST", "/api/auth/login", credentials);
    expect(login.status, JSON.stringify(login.body)).toBe(200);
    return login.body;
  }

  /** An access token of a new account. */
  async token(username: string, role: string, rest: object = {}): Promise<string> {
    await this.create(username, role, rest);
    return (await this.logIn(username)).accessToken;
  }
}

/** The api role twice: nginx asks the two processes in turn, and what one changes the other has to hear of. */
export const TWO_PROCESSES = [["api", "transcoding", "inference", "delivery"], ["api"]];
const ANSWERS_IN_A_ROW = 4;

/**
 * Asks until the answer has the status, several times in a row, so that every process was asked: the documented bound
 * is what is waited for.
 */
export async function until(
  status: number,
  ask: () => Promise<Answer>,
  withinSeconds: number,
): Promise<void> {
  const deadline = Date.now() + withinSeconds * 1_000;
  for (let inARow = 0; inARow < ANSWERS_IN_A_ROW;) {
    const answer = await ask();
    inARow = answer.status === status ? inARow + 1 : 0;
    if (inARow > 0) continue;
    if (Date.now() > deadline) throw new Error(`still ${answer.status} after ${withinSeconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
