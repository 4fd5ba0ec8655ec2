import { z } from "zod";

const address = z
  .string()
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), {
    error: "must be a URL starting with http:// or https://",
  })
  .transform((text) => text.replace(/\/+$/, ""));

/** Off unless NEURONOVA_OPENEMR_URL is set. */
export const OPENEMR_SETTINGS = {
  NEURONOVA_OPENEMR_URL: {
    schema: address.optional(),
    description: "OpenEMR's own address; without it nothing goes to OpenEMR (docs/openemr.md).",
    example: "https://emr.example.org",
  },
  NEURONOVA_OPENEMR_SITE: {
    schema: z.string().regex(/^\w+$/, { error: "must be the name of a site" }).default("default"),
    description: "OpenEMR's site, as in /apis/{site}/api.",
    example: "default",
  },
  NEURONOVA_OPENEMR_CLIENT_ID: {
    schema: z.string().min(1).optional(),
    description: "The client registered in OpenEMR for the service user.",
    example: "kbyuFDidLLm280LIwVFiazOqjO3ty8KH",
  },
  NEURONOVA_OPENEMR_CLIENT_SECRET: {
    schema: z.string().min(1).optional(),
    description: "That client's secret, when it is a confidential one.",
    example: "…",
    secret: true,
  },
  NEURONOVA_OPENEMR_REDIRECT_URI: {
    schema: address.default("http://localhost/neuronova"),
    description: "The client's redirect URI; the page need not exist (`neuronova openemr connect`).",
    example: "http://localhost/neuronova",
  },
  NEURONOVA_OPENEMR_TOKEN_KEY: {
    schema: z.string().min(32, { error: "must have at least 32 characters" }).optional(),
    description: "Encrypts OpenEMR's tokens in the database.",
    example: "…",
    secret: true,
  },
  NEURONOVA_OPENEMR_ISSUER: {
    schema: z.string().min(1).max(64).optional(),
    description:
      "Assigning authority of OpenEMR's External ID (pubpid): Issuer of Patient ID (0010,0021) of the same people's images.",
    example: "HOSPITAL",
  },
  NEURONOVA_OPENEMR_DOCUMENT_CATEGORY: {
    schema: z
      .string()
      .regex(/^(\/[a-z0-9_-]+)+$/, { error: "must be a path in lower case with _ for spaces" })
      .default("/medical_record"),
    description: "OpenEMR's document category that AI reports are filed under.",
    example: "/medical_record",
  },
  NEURONOVA_OPENEMR_ENCOUNTER_CATEGORY: {
    schema: z
      .string()
      .regex(/^\d{1,9}$/, { error: "must be a number" })
      .default("5"),
    description: "OpenEMR's visit category (pc_catid) of encounters written there; 5 is an office visit.",
    example: "5",
  },
  NEURONOVA_OPENEMR_WAIT_SECONDS: {
    schema: z.coerce.number().min(0.1).max(30).default(3),
    description: "How long somebody who saves a patient waits for OpenEMR at most (docs/emr.md).",
    example: "3",
  },
  NEURONOVA_OPENEMR_PULL_SECONDS: {
    schema: z.coerce.number().int().min(0).max(86_400).default(60),
    description: "How often patients changed in OpenEMR are fetched; 0 is never.",
    example: "60",
  },
} as const;

type Read = { readonly [Name in keyof typeof OPENEMR_SETTINGS]?: unknown };

/** What has to be there together. */
export function openEmrProblems(values: Read): string[] {
  if (values.NEURONOVA_OPENEMR_URL === undefined) return [];
  const needed = [
    "NEURONOVA_OPENEMR_CLIENT_ID",
    "NEURONOVA_OPENEMR_TOKEN_KEY",
    "NEURONOVA_OPENEMR_ISSUER",
  ] as const;
  return needed
    .filter((name) => values[name] === undefined)
    .map((name) => `${name} is missing: NEURONOVA_OPENEMR_URL is set and needs it`);
}
