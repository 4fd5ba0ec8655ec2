import { USER_ROLES } from "../authorization/permissions.js";

/** Every command, a line each, and more lines for what does not fit. Help and completion are made of it. */
export const USAGE = `neuronova account put --username NAME --role ROLE [--display-name NAME] [--labels A,B] [--patient-id ID [--issuer-of-patient-id ISSUER]]
                                          (creates or replaces; password on standard input; roles: ${USER_ROLES.join(", ")})
neuronova account list [--json]
neuronova account enable|disable --username NAME
neuronova account password --username NAME    (password on standard input)
neuronova audit verify [--anchor SEQUENCE:HASH]…   (follows the hash chain; exit status 1 when it is broken)
neuronova audit export [--format ndjson|csv] [--user U] [--patient ID] [--issuer I] [--study UID] [--action A] [--outcome O] [--from T] [--to T]
neuronova audit export --chain                (every sealed row with its hash, in order)
neuronova hooks list [--json]                 (systems that may tell us things; docs/inbound-hooks.md)
neuronova hooks add NAME --types T,T --issuer ISSUER [--permissions P,P] [--labels A,B] [--api-keys N,N] [--description "…"]
                                          (prints the secret, this once)
neuronova hooks enable|disable|remove NAME
neuronova hooks rotate NAME [--overlap-hours H]   (prints a new secret; the former stays good for H hours, 24 unless told)
neuronova hooks messages NAME [--state pending|done|failed] [--json]
neuronova hooks replay NAME ID                (has a message that failed worked on again)
neuronova htj2k status [--json]               (how many renditions there are, by state and format, and what they weigh)
neuronova htj2k backfill [--study UID | --since YYYY-MM-DD | --modality M] [--dry-run] [--per-second N] [--retry-failed] [--retry-not-renderable]
                                          (renders what is not rendered yet, after everything that arrives; end it and start it again as you like)
neuronova htj2k retention [--dry-run]         (drops the renditions that the settings do not keep; originals stay)
neuronova htj2k verify --study UID | --sample N | --all
                                          (re-reads and decodes stored renditions; exit status 1 when one was bad)
neuronova outbox status [--json]              (how each destination is found, what waits for it, what failed; exit status 1 when something is wrong)
neuronova outbox list [--state failed|pending] [--destination D] [--kind K] [--code C] [--after ID] [--limit N] [--json]
neuronova outbox show ID                      (with the destination's answer, which may hold patient data)
neuronova outbox replay ID | --all | [--destination D] [--kind K] [--code C]
neuronova outbox drop ID --reason "…"
neuronova openemr connect                     (a person agrees in OpenEMR once; docs/openemr.md)
neuronova openemr status                      (whether it is connected, and whose chart contradicts; exit status 1 when something is wrong)
neuronova demo-study --output DIRECTORY       (writes the DICOM files of the demo studies, MR and CT)
neuronova models list [--json]                (which there are, whether they run, and which bundles are refused; exit status 1 when one is)
neuronova models statistics [NAME] [--since YYYY-MM-DD] [--json]
                                          (what each model did, day by day; of the last 90 days unless told)
neuronova models reload                       (has every process read the folder of models again)
neuronova models set-mode NAME VERSION enabled|disabled|shadow
neuronova models schema                       (prints the JSON Schema of a model's manifest.json)
neuronova schedules                           (prints the tables of docs/schedules.md: what is done by itself, and when)
neuronova schedules status                    (when each was last done; exit status 1 when one failed the last time)
neuronova backup noted                        (a backup is complete now: docs/backup.md)
neuronova keys list [--json]                  (API keys, without the keys)
neuronova keys create --name NAME --permissions P,P --days N [--labels A,B]   (prints the key, this once)
neuronova keys revoke ID
neuronova clients list [--json]               (programs that sign in by OAuth)
neuronova clients revoke ID
neuronova links list [--json]                 (share links, newest first)
neuronova links revoke ID
neuronova ai list [--state S] [--model M] [--study UID] [--limit N] [--json]
neuronova ai run --model M [--model-version V] --study UID | --series UID [--priority low|medium|high]
neuronova config check [--json]               (whether the settings can be used; exit status 78 when not)
neuronova doctor [--json]                     (looks at everything this depends on, and says what to do; exit status 1 when something fails)
neuronova completion bash|zsh|fish            (prints what a shell completes these commands by)
neuronova settings                            (prints the table of settings)
neuronova permissions                         (prints the table of roles and permissions)
`;
