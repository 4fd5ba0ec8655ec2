import type { Command } from "./terminal.js";

/** Each command's own module, read when it is asked for: most are done before the others would be read. */
export const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  account: async () => (await import("./commands/account.js")).account,
  ai: async () => (await import("./commands/ai.js")).ai,
  audit: async () => (await import("./commands/audit.js")).audit,
  backup: async () => (await import("./commands/backup.js")).backup,
  clients: async () => (await import("./commands/credentials.js")).clients,
  completion: async () => (await import("./commands/completion.js")).completion,
  config: async () => (await import("./commands/config.js")).config,
  "demo-study": async () => (await import("./commands/demo-study.js")).demoStudy,
  doctor: async () => (await import("./commands/doctor.js")).doctor,
  hooks: async () => (await import("./commands/hooks.js")).hooks,
  htj2k: async () => (await import("./commands/htj2k.js")).htj2k,
  keys: async () => (await import("./commands/credentials.js")).keys,
  links: async () => (await import("./commands/credentials.js")).links,
  models: async () => (await import("./commands/models.js")).models,
  openemr: async () => (await import("./commands/openemr.js")).openemr,
  outbox: async () => (await import("./commands/outbox.js")).outbox,
  permissions: async () => (await import("./commands/reference.js")).permissions,
  schedules: async () => (await import("./commands/schedules.js")).schedules,
  settings: async () => (await import("./commands/reference.js")).settings,
};
