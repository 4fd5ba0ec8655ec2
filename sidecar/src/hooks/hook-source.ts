import { z } from "zod";
import { labelsSchema } from "../authorization/account-access.js";
import type { Permission } from "../authorization/permissions.js";
import { createPrincipal, type Principal } from "../authorization/principal.js";
import { grantableSchema } from "../credentials/api-keys.js";
import { dicomLine } from "../emr/content/text.js";
import { HOOK_TYPES, HOOK_TYPE_NAMES, type HookTypeName } from "./hook-types.js";

const shape = {
  description: z.string().trim().max(255),
  types: z.array(z.enum(HOOK_TYPE_NAMES)).min(1),
  /** Without them: what its types need. Prescriptions need `prescribe` beside that. */
  permissions: grantableSchema.optional(),
  labels: labelsSchema,
  issuer: dicomLine(64),
  /** Numbers of the API keys that may speak for it, too. */
  apiKeys: z.array(z.number().int().min(1)).max(20),
};

export const sourceName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,31}$/, { error: "2 to 32 of a-z, 0-9 and -, first a letter" });
export const newHookSource = z.strictObject({
  name: sourceName,
  ...shape,
  description: shape.description.default(""),
  labels: shape.labels.default(["*"]),
  apiKeys: shape.apiKeys.default([]),
});
export const hookSourcePatch = z
  .strictObject({ ...shape, enabled: z.boolean() })
  .partial()
  .refine((patch) => Object.keys(patch).length > 0, { error: "nothing to change" });

export interface HookSourceDetails extends z.output<typeof newHookSource> {
  readonly permissions: Permission[];
}
export type HookSourcePatch = z.output<typeof hookSourcePatch>;

/** A system that tells us things, without its secrets. */
export interface HookSource extends HookSourceDetails {
  readonly enabled: boolean;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly changedAt: Date;
}

/** What a source needs for its types, when nobody says what it may. */
export function permissionsFor(types: readonly HookTypeName[]): Permission[] {
  return [...new Set(types.flatMap((type): readonly Permission[] => HOOK_TYPES[type].needs))];
}

/** Long enough for one message. */
const PRINCIPAL_MILLISECONDS = 600_000;

/** The source as somebody who does things: with its own permissions and reach, whoever registered it. */
export function principalOfSource({ name, description, permissions, labels }: HookSource): Principal {
  const subject = `hook:${name}`;
  return createPrincipal(
    {
      subject,
      kind: "hook",
      displayName: description === "" ? name : description,
      role: null,
      permissions,
      labels,
      patient: null,
      studyInstanceUids: null,
      grants: [],
    },
    subject,
    new Date(Date.now() + PRINCIPAL_MILLISECONDS),
  );
}
