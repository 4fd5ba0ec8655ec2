import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { expect } from "vitest";
import { newSecret, signedHeaders } from "../../src/webhooks/signature.js";
import { fuzz } from "./fuzz.js";
import { mutated } from "./mutation.js";

const [secret, other] = [newSecret(), newSecret()];
const body = fc.json();
const id = fc.stringMatching(/^[\w-]{1,40}$/);

fuzz(
  "any message verifies with a secret that is in force, and only as it was sent",
  fc.tuple(id, body),
  ([named, text]) => {
    const headers = signedHeaders(named, text, [{ secret: other }, { secret }], Date.now());
    expect(() => new Webhook(secret).verify(text, headers)).not.toThrow();
    expect(() => new Webhook(secret).verify(`${text} `, headers)).toThrow();
    expect(() => new Webhook(newSecret()).verify(text, headers)).toThrow();
  },
);

const message = Buffer.from('{"type":"series.stable","data":{"studyInstanceUid":"1.2.3"}}');
const sent = signedHeaders("evt_1", message.toString(), [{ secret }], Date.now());
const signature = Buffer.from(sent["webhook-signature"]);

fuzz(
  "no changed message, and no changed signature, is taken",
  fc.tuple(mutated([message]), mutated([signature])),
  ([changed, forged]) => {
    const receiver = new Webhook(secret);
    if (!changed.equals(message)) expect(() => receiver.verify(changed, sent)).toThrow();
    // A list may hold anything beside the right one.
    if (forged.includes(signature)) return;
    const headers = { ...sent, "webhook-signature": forged.toString("latin1") };
    expect(() => receiver.verify(message.toString(), headers)).toThrow();
  },
);
