import { z } from "zod";

/** Numbers come as numbers from some versions and as text from others. */
const key = z.union([z.string().min(1), z.number().int()]).transform(String);
const text = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => (value === null || value === undefined ? "" : String(value)));

/** What is read of a patient; the row has many more members. */
const patient = z.object({
  uuid: z.string().min(1),
  pid: key,
  pubpid: text,
  fname: text,
  lname: text,
  DOB: text,
  sex: text,
  street: text,
  city: text,
  state: text,
  postal_code: text,
  country_code: text,
  phone_contact: text,
  email: text,
  date: text,
});

export const patientRows = z.array(patient);
/** `GET /api/patient/{puuid}` answers one as an object, or as a list of one. */
export const patientRow = z.union([patient, z.tuple([patient]).transform(([row]) => row)]);
export const patientCreated = z.object({ pid: key, uuid: z.string().min(1).optional() });

export const encounterRows = z.array(
  z.object({ uuid: z.string().min(1), external_id: text }).transform(({ uuid, external_id }) => ({
    uuid,
    externalId: external_id,
  })),
);
export const encounterCreated = z.object({ uuid: z.string().min(1) });

export const medicationRows = z.array(z.object({ id: key, title: text, begdate: text }));
/** The number of the row, as an object or bare. */
export const medicationCreated = z.union([z.object({ id: key }), key.transform((id) => ({ id }))]);

export const documentRows = z
  .array(z.object({ filename: z.string().min(1) }))
  .transform((rows) => rows.map(({ filename }) => filename));
