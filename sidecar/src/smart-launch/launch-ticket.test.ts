import { afterEach, expect, test, vi } from "vitest";
import { LaunchTickets, newTicket, TICKET_SECONDS } from "./launch-ticket.js";

const tickets = new LaunchTickets("a signing key of more than thirty-two characters");
const ticket = newTicket("https://emr.example.org/fhir");

afterEach(() => vi.useRealTimers());

test("a ticket comes back as it went, and shows nothing of what is in it", async () => {
  const sealed = await tickets.seal(ticket);
  expect(await tickets.open(sealed)).toEqual(ticket);
  const parts = sealed.split(".").map((part) => Buffer.from(part, "base64url").toString("latin1"));
  for (const secret of [ticket.state, ticket.nonce, ticket.verifier])
    expect(parts.join(".").includes(secret)).toBe(false);
});

test("a ticket is good for ten minutes", async () => {
  const sealed = await tickets.seal(ticket);
  vi.useFakeTimers({ now: Date.now() + (TICKET_SECONDS - 5) * 1_000, toFake: ["Date"] });
  expect(await tickets.open(sealed)).toEqual(ticket);
  vi.setSystemTime(Date.now() + 10_000);
  expect(await tickets.open(sealed)).toBe("expired");
});

test("a ticket of another installation, changed or invented is none", async () => {
  const sealed = await tickets.seal(ticket);
  expect(
    await new LaunchTickets("another key of more than thirty-two characters").open(sealed),
  ).toBeUndefined();
  expect(await tickets.open(`${sealed.slice(0, -2)}AA`)).toBeUndefined();
  expect(await tickets.open("")).toBeUndefined();
});
