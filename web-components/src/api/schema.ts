// Made of the API's description by `npm run client-types`; a test compares. Not to be changed by hand.
export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    readonly Account: {
      readonly id: number;
      readonly username: string;
      readonly displayName: string;
      /** @enum {string} */
      readonly role:
        "admin" | "doctor" | "radiologist" | "technologist" | "nurse" | "lab" | "patient" | "external";
      /** @description `*` is every study */
      readonly labels: readonly string[];
      readonly patient: components["schemas"]["PatientIdentity"] | null;
      readonly disabled: boolean;
      readonly lockedUntil: string | null;
      /** Format: date-time */
      readonly passwordChangedAt: string;
      /** Format: date-time */
      readonly createdAt: string;
    };
    readonly Actor: {
      readonly subject: string;
      readonly display: string;
    };
    readonly ApiKey: {
      readonly id: number;
      readonly name: string;
      readonly permissions: readonly (
        | "view"
        | "download"
        | "delete"
        | "send"
        | "modify"
        | "anonymize"
        | "upload"
        | "q-r-remote-modalities"
        | "settings"
        | "api-view"
        | "edit-labels"
        | "admin-permissions"
        | "audit-logs"
        | "worklists"
        | "share"
        | "annotate"
        | "review"
        | "run-model"
        | "administer-work"
        | "administer-archive"
        | "break-glass"
        | "emr-view"
        | "emr-write"
        | "order"
        | "prescribe"
        | "record-results"
        | "resolve-identity"
      )[];
      readonly labels: readonly string[];
      readonly createdBy: string;
      /** Format: date-time */
      readonly createdAt: string;
      /** Format: date-time */
      readonly expiresAt: string;
      readonly revokedAt: string | null;
      readonly lastUsedAt: string | null;
    };
    readonly AuditEntry: {
      readonly id: number;
      /** @description null until it is sealed */
      readonly sequence: number | null;
      readonly hash: string | null;
      /** @description False while the access may go on */
      readonly ended: boolean;
      /** Format: date-time */
      readonly firstAt: string;
      /** Format: date-time */
      readonly lastAt: string;
      readonly subject: string;
      readonly displayName: string;
      readonly kind: string;
      readonly role: string | null;
      readonly tokenId: string;
      readonly patientId: string | null;
      readonly issuerOfPatientId: string | null;
      readonly studyInstanceUid: string | null;
      /** @enum {string} */
      readonly action:
        | "view"
        | "download"
        | "upload"
        | "annotate"
        | "annotation-remove"
        | "search"
        | "list"
        | "listen"
        | "launch"
        | "share-mint"
        | "share-read"
        | "share-exchange"
        | "share-renew"
        | "share-revoke"
        | "break-glass-ask"
        | "break-glass-read"
        | "break-glass-end"
        | "break-glass-acknowledge"
        | "login"
        | "refresh"
        | "logout"
        | "token"
        | "password-change"
        | "account-read"
        | "account-change"
        | "api-key-read"
        | "api-key-change"
        | "client-read"
        | "client-change"
        | "webhook-read"
        | "webhook-change"
        | "hook-receive"
        | "hook-read"
        | "hook-change"
        | "label-change"
        | "result-read"
        | "result-review"
        | "work-read"
        | "work-change"
        | "job-read"
        | "job-change"
        | "archive-read"
        | "archive-change"
        | "emr-read"
        | "emr-search"
        | "emr-create"
        | "emr-change"
        | "identity-read"
        | "identity-change"
        | "audit-read"
        | "audit-verify"
        | "audit-export"
        | "audit-retention";
      readonly target: string;
      /** @enum {string} */
      readonly outcome: "granted" | "denied" | "failure";
      readonly reason: string | null;
      readonly sourceAddress: string;
      readonly userAgent: string;
      readonly breakGlassId: number | null;
      readonly requests: number;
      readonly instances: number;
      readonly frames: number;
    };
    readonly BreakGlassAccess: {
      readonly id: number;
      readonly subject: string;
      readonly displayName: string;
      readonly role: string;
      readonly tokenId: string;
      readonly studyInstanceUid: string | null;
      readonly patientKey: string | null;
      readonly reason: string;
      readonly sourceAddress: string;
      readonly userAgent: string;
      /** Format: date-time */
      readonly expiresAt: string;
      /** Format: date-time */
      readonly grantedAt: string;
      readonly endedAt: string | null;
      readonly endedBy: string | null;
      readonly acknowledgedAt: string | null;
      readonly acknowledgedBy: string | null;
      readonly acknowledgement: string | null;
    };
    readonly Client: {
      readonly clientId: string;
      readonly name: string;
      readonly permissions: readonly (
        | "view"
        | "download"
        | "delete"
        | "send"
        | "modify"
        | "anonymize"
        | "upload"
        | "q-r-remote-modalities"
        | "settings"
        | "api-view"
        | "edit-labels"
        | "admin-permissions"
        | "audit-logs"
        | "worklists"
        | "share"
        | "annotate"
        | "review"
        | "run-model"
        | "administer-work"
        | "administer-archive"
        | "break-glass"
        | "emr-view"
        | "emr-write"
        | "order"
        | "prescribe"
        | "record-results"
        | "resolve-identity"
      )[];
      readonly labels: readonly string[];
      readonly jwks: {
        readonly keys: readonly {
          readonly [key: string]: unknown;
        }[];
      } | null;
      readonly jwksUri: string | null;
      readonly createdBy: string;
      /** Format: date-time */
      readonly createdAt: string;
      readonly revokedAt: string | null;
    };
    /** @description Code Value, Coding Scheme Designator and Code Meaning (PS3.3 8.8) */
    readonly CodedConcept: {
      readonly value: string;
      readonly scheme: string;
      readonly meaning: string;
    };
    readonly Condition: {
      /** Format: uuid */
      readonly id: string;
      /** @description The ETag */
      readonly version: number;
      /** Format: date-time */
      readonly createdAt: string;
      readonly createdBy: components["schemas"]["Actor"];
      /** Format: date-time */
      readonly updatedAt: string;
      readonly updatedBy: components["schemas"]["Actor"];
      /** @description Where it has got to; of what was just written only where another EMR has patients too */
      readonly synchronisation?: readonly components["schemas"]["Synchronisation"][];
      /** Format: uuid */
      readonly patientId: string;
      readonly encounterId: string | null;
      /** @enum {string} */
      readonly clinicalStatus: "active" | "recurrence" | "relapse" | "inactive" | "remission" | "resolved";
      /** @enum {string} */
      readonly verificationStatus:
        "unconfirmed" | "provisional" | "differential" | "confirmed" | "refuted" | "entered-in-error";
      /** @enum {string} */
      readonly category: "problem-list-item" | "encounter-diagnosis";
      readonly codes: readonly {
        readonly system: string;
        readonly code: string;
        readonly display: string;
      }[];
      readonly severity: {
        readonly system: string;
        readonly code: string;
        readonly display: string;
      } | null;
      readonly bodySite: {
        readonly system: string;
        readonly code: string;
        readonly display: string;
      } | null;
      readonly onsetDate: string | null;
      readonly abatementDate: string | null;
      readonly note: string | null;
    };
    readonly Destination: {
      /** @enum {string} */
      readonly destination: "fhir" | "openemr" | "webhook";
      /** @enum {string} */
      readonly breaker: "closed" | "open" | "half-open" | "none";
      readonly since: string | null;
      readonly code: string | null;
      readonly workers: number;
      readonly pending: number;
      readonly failed: number;
      readonly oldestSeconds: number;
    };
    readonly Encounter: {
      /** Format: uuid */
      readonly id: string;
      /** @description The ETag */
      readonly version: number;
      /** Format: date-time */
      readonly createdAt: string;
      readonly createdBy: components["schemas"]["Actor"];
      /** Format: date-time */
      readonly updatedAt: string;
      readonly updatedBy: components["schemas"]["Actor"];
      /** @description Where it has got to; of what was just written only where another EMR has patients too */
      readonly synchronisation?: readonly components["schemas"]["Synchronisation"][];
      /** Format: uuid */
      readonly patientId: string;
      /** @enum {string} */
      readonly status:
        | "planned"
        | "arrived"
        | "triaged"
        | "in-progress"
        | "onleave"
        | "finished"
        | "cancelled"
        | "entered-in-error";
      readonly class: {
        readonly system: string;
        readonly code: string;
        readonly display: string;
      };
      readonly types: readonly {
        readonly system: string;
        readonly code: string;
        readonly display: string;
      }[];
      readonly reasons: readonly {
        readonly system: string;
        readonly code: string;
        readonly display: string;
      }[];
      /** Format: date-time */
      readonly startAt: string;
      readonly endAt: string | null;
      readonly note: string | null;
    };
    readonly Failure: {
      /** @enum {string} */
      readonly kind: "arrival" | "rendition" | "analysis" | "review" | "fhir";
      readonly id: string;
      readonly studyInstanceUid: string;
      readonly reason: string;
      readonly attempts: number;
    };
    readonly HookSource: {
      readonly name: string;
      readonly description: string;
      readonly types: readonly (
        "study.ready" | "model.run" | "order.created" | "order.changed" | "patient.merged" | "report.received"
      )[];
      readonly permissions: readonly (
        | "view"
        | "download"
        | "delete"
        | "send"
        | "modify"
        | "anonymize"
        | "upload"
        | "q-r-remote-modalities"
        | "settings"
        | "api-view"
        | "edit-labels"
        | "admin-permissions"
        | "audit-logs"
        | "worklists"
        | "share"
        | "annotate"
        | "review"
        | "run-model"
        | "administer-work"
        | "administer-archive"
        | "break-glass"
        | "emr-view"
        | "emr-write"
        | "order"
        | "prescribe"
        | "record-results"
        | "resolve-identity"
      )[];
      readonly labels: readonly (string | "*")[];
      readonly issuer: string;
      readonly apiKeys: readonly number[];
      readonly enabled: boolean;
      readonly createdBy: string;
      /** Format: date-time */
      readonly createdAt: string;
      /** Format: date-time */
      readonly changedAt: string;
    };
    readonly IdentityItem: {
      /** Format: uuid */
      readonly id: string;
      /** @enum {string} */
      readonly kind: "study" | "duplicate" | "chart";
      /** @enum {string} */
      readonly state: "open" | "resolved";
      /** Format: date-time */
      readonly openedAt: string;
      readonly reasons: readonly string[];
      readonly candidates: readonly string[];
      readonly study: {
        readonly studyInstanceUid: components["schemas"]["Uid"];
        readonly patientId: string;
        readonly issuerOfPatientId: string;
        readonly patientName: string;
        readonly patientBirthDate: string;
        readonly patientSex: string;
        readonly accessionNumber: string;
      } | null;
      readonly resolution: {
        readonly action: string;
        readonly patientId: string | null;
        /** Format: date-time */
        readonly at: string;
        /** @description null: it settled itself */
        readonly by: components["schemas"]["Actor"] | null;
        readonly comment: string | null;
      } | null;
    };
    readonly Inference: {
      /** Format: uuid */
      readonly id: string;
      /** @enum {string} */
      readonly state: "queued" | "succeeded" | "failed";
      readonly model: components["schemas"]["ModelCaption"];
      readonly input: {
        /** @enum {string} */
        readonly level: "series" | "instance";
        readonly studyInstanceUid: components["schemas"]["Uid"];
        readonly seriesInstanceUid: components["schemas"]["Uid"];
        readonly sopInstanceUids: readonly components["schemas"]["Uid"][] | null;
      };
      /** Format: date-time */
      readonly createdAt: string;
      readonly finishedAt: string | null;
      /** Format: date-time */
      readonly expiresAt: string;
      readonly reason?: components["schemas"]["Reason"];
      readonly segments?: readonly components["schemas"]["MeasuredSegment"][];
      readonly scores?: readonly components["schemas"]["RiskScore"][];
      readonly confidence?: number | null;
      readonly engine?: string;
      readonly modelMilliseconds?: number;
      /** @constant */
      readonly verification?: "UNVERIFIED";
      /** @description null when the model found nothing */
      readonly segmentation?: components["schemas"]["InferenceObject"] | null;
      /** @description Where the model looked; null when it does not say so */
      readonly attention?: components["schemas"]["InferenceObject"] | null;
    };
    readonly InferenceObject: {
      /** @constant */
      readonly mediaType: "application/dicom";
      readonly href: string;
      readonly bytes: number;
      /** @description null beyond 4 MB: then only the link */
      readonly base64: string | null;
    };
    readonly Job: {
      readonly id: number;
      readonly model: components["schemas"]["ModelCaption"];
      readonly studyInstanceUid: components["schemas"]["Uid"];
      readonly seriesInstanceUid: components["schemas"]["Uid"];
      /** @enum {string} */
      readonly state: "queued" | "running" | "succeeded" | "failed" | "not-applicable" | "canceled";
      /**
       * @description Procedure Step State (0074,1000), as IHE AI Workflow for Imaging knows it
       * @enum {string}
       */
      readonly procedureStepState: "SCHEDULED" | "IN PROGRESS" | "COMPLETED" | "CANCELED";
      /** @enum {string} */
      readonly priority: "high" | "medium" | "low";
      /** @description null when it was the arrival */
      readonly requestedBy: string | null;
      readonly cancelRequested: boolean;
      readonly attempts: number;
      readonly progress: components["schemas"]["Progress"];
      /** Format: date-time */
      readonly queuedAt: string;
      readonly startedAt: string | null;
      readonly finishedAt: string | null;
      readonly reason?: components["schemas"]["Reason"];
    };
    readonly JobDetails: {
      readonly id: number;
      readonly model: components["schemas"]["ModelCaption"];
      readonly studyInstanceUid: components["schemas"]["Uid"];
      readonly seriesInstanceUid: components["schemas"]["Uid"];
      /** @enum {string} */
      readonly state: "queued" | "running" | "succeeded" | "failed" | "not-applicable" | "canceled";
      /**
       * @description Procedure Step State (0074,1000), as IHE AI Workflow for Imaging knows it
       * @enum {string}
       */
      readonly procedureStepState: "SCHEDULED" | "IN PROGRESS" | "COMPLETED" | "CANCELED";
      /** @enum {string} */
      readonly priority: "high" | "medium" | "low";
      /** @description null when it was the arrival */
      readonly requestedBy: string | null;
      readonly cancelRequested: boolean;
      readonly attempts: number;
      readonly progress: components["schemas"]["Progress"];
      /** Format: date-time */
      readonly queuedAt: string;
      readonly startedAt: string | null;
      readonly finishedAt: string | null;
      readonly reason?: components["schemas"]["Reason"];
      readonly input: {
        /** @description Over the SOP Instance UIDs and stored files */
        readonly digest: string;
        /** @description null when instances came or went since */
        readonly sopInstanceUids: readonly components["schemas"]["Uid"][] | null;
      };
      readonly output?: {
        readonly segments: readonly components["schemas"]["MeasuredSegment"][];
        readonly scores: readonly components["schemas"]["RiskScore"][];
        readonly confidence: number | null;
        readonly engine: string;
        readonly modelMilliseconds: number;
        readonly segmentation: components["schemas"]["ObjectAddress"] | null;
        readonly attention: components["schemas"]["ObjectAddress"] | null;
        readonly report: components["schemas"]["ObjectAddress"];
      };
    };
    readonly KeyImages: {
      readonly sopInstanceUid: components["schemas"]["Uid"];
      readonly title: components["schemas"]["CodedConcept"];
      readonly description: string;
      /** @description PN (PS3.5 6.2) */
      readonly observer: string;
      /** @description YYYYMMDD, as it is written */
      readonly date: string;
      /** @description HHMMSS, as it is written */
      readonly time: string;
      readonly mine: boolean;
      readonly images: readonly {
        readonly seriesInstanceUid: components["schemas"]["Uid"];
        readonly sopInstanceUid: components["schemas"]["Uid"];
        /** @description From 1; all when empty */
        readonly frameNumbers: readonly number[];
      }[];
      /** @description How many images it names that the study does not have */
      readonly elsewhere: number;
    };
    readonly LaunchedAccess: {
      readonly accessToken: string;
      /** @constant */
      readonly tokenType: "Bearer";
      readonly expiresInSeconds: number;
      readonly displayName: string;
      readonly role: string;
      /** @description Of the chart that is open at the EMR */
      readonly patientId: string;
      /** Format: date-time */
      readonly sessionExpiresAt: string;
    };
    readonly Me: {
      /** @example account:7 */
      readonly subject: string;
      /** @enum {string} */
      readonly kind: "account" | "api-key" | "client" | "oidc" | "share-link";
      readonly displayName: string;
      /** @description null where permissions were given one by one */
      readonly role:
        | ("admin" | "doctor" | "radiologist" | "technologist" | "nurse" | "lab" | "patient" | "external")
        | null;
      readonly permissions: readonly (
        | "view"
        | "download"
        | "delete"
        | "send"
        | "modify"
        | "anonymize"
        | "upload"
        | "q-r-remote-modalities"
        | "settings"
        | "api-view"
        | "edit-labels"
        | "admin-permissions"
        | "audit-logs"
        | "worklists"
        | "share"
        | "annotate"
        | "review"
        | "run-model"
        | "administer-work"
        | "administer-archive"
        | "break-glass"
        | "emr-view"
        | "emr-write"
        | "order"
        | "prescribe"
        | "record-results"
        | "resolve-identity"
      )[];
      /** @description Of the studies within reach; `*` is every study */
      readonly labels: readonly string[];
      /** @description Of a patient: nothing but their own is within reach */
      readonly patient: components["schemas"]["PatientIdentity"] | null;
      /** @description Of a share link: these studies only */
      readonly studyInstanceUids: readonly components["schemas"]["Uid"][] | null;
      /** Format: date-time */
      readonly expiresAt: string;
    };
    readonly MeasuredSegment: {
      readonly number: number;
      readonly label: string;
      readonly volumeMl: number;
      /** @description Absent of one that a person corrected */
      readonly voxelCount?: number;
      readonly longestDiameterMm?: number | null;
      readonly meanIntensity?: {
        readonly value: number;
        readonly unit: components["schemas"]["CodedConcept"];
      } | null;
      /** @description 0 to 255 */
      readonly colorRgb: readonly [number, number, number];
    };
    readonly Merge: {
      /** Format: uuid */
      readonly id: string;
      /**
       * Format: uuid
       * @description The patient that stands no longer for itself
       */
      readonly mergedId: string;
      /** Format: uuid */
      readonly survivorId: string;
      readonly reason: string;
      /** Format: date-time */
      readonly mergedAt: string;
      readonly mergedBy: components["schemas"]["Actor"];
      readonly moved: readonly {
        readonly kind: string;
        /** Format: uuid */
        readonly id: string;
      }[];
      readonly undone: {
        /** Format: date-time */
        readonly at: string;
        readonly by: components["schemas"]["Actor"];
        readonly reason: string;
      } | null;
    };
    readonly Message: {
      readonly id: number;
      /** @enum {string} */
      readonly destination: "fhir" | "openemr" | "webhook";
      /** @enum {string} */
      readonly kind:
        | "study"
        | "analysis"
        | "audit"
        | "patient"
        | "encounter"
        | "condition"
        | "order"
        | "observation"
        | "report"
        | "event";
      readonly subject: string;
      /** @enum {string} */
      readonly state: "pending" | "delivered" | "failed" | "superseded" | "dropped";
      readonly attempts: number;
      readonly code: string | null;
      readonly reason: string | null;
      /** Format: date-time */
      readonly createdAt: string;
      readonly nextAttemptAt: string | null;
      readonly failedAt: string | null;
      readonly dropReason: string | null;
    };
    readonly ModelAgreement: {
      readonly model: string;
      readonly version: string;
      readonly reviewed: number;
      readonly unreviewed: number;
      readonly decisions: {
        readonly accepted: {
          readonly count: number;
          readonly share: number | null;
          readonly reasons: {
            readonly [key: string]: number;
          };
        };
        readonly rejected: {
          readonly count: number;
          readonly share: number | null;
          readonly reasons: {
            readonly [key: string]: number;
          };
        };
        readonly edited: {
          readonly count: number;
          readonly share: number | null;
          readonly reasons: {
            readonly [key: string]: number;
          };
        };
      };
    };
    readonly ModelCaption: {
      readonly name: string;
      readonly version: string;
      readonly title: string;
      /** @description Is to be shown with every result */
      readonly notice: string;
    };
    readonly ModelList: {
      readonly models: readonly {
        readonly name: string;
        readonly version: string;
        readonly title: string;
        readonly notice: string;
        readonly task: string;
        readonly engine: string;
        readonly intendedUse: string;
        readonly limitations: readonly string[];
        readonly regulatoryStatus: string;
        /** @enum {string} */
        readonly mode: "enabled" | "disabled" | "shadow";
        /**
         * Format: date-time
         * @description Absent while nobody has decided
         */
        readonly modeSince?: string;
      }[];
      /** @description Bundles that are not used */
      readonly refused: readonly {
        readonly folder: string;
        readonly reason: string;
      }[];
    };
    readonly ModelStatistics: {
      readonly name: string;
      /** Format: date */
      readonly since: string;
      readonly days: readonly {
        /** Format: date */
        readonly day: string;
        readonly version: string;
        readonly succeeded: number;
        readonly failed: number;
        readonly canceled: number;
        readonly notApplicable: number;
        /** @description How often each code was why one failed */
        readonly failures: {
          readonly [key: string]: number;
        };
        /** @description Milliseconds, by nearest rank; null when none is known */
        readonly modelMilliseconds: {
          readonly median: number;
          readonly p95: number;
        } | null;
        /** @description Milliseconds, by nearest rank; null when none is known */
        readonly waitMilliseconds: {
          readonly median: number;
          readonly p95: number;
        } | null;
        readonly accepted: number;
        readonly rejected: number;
        readonly edited: number;
        /** Format: date-time */
        readonly countedAt: string;
      }[];
    };
    readonly ObjectAddress: {
      readonly seriesInstanceUid: components["schemas"]["Uid"];
      readonly sopInstanceUid: components["schemas"]["Uid"];
    };
    readonly Observation: {
      /** Format: uuid */
      readonly id: string;
      /** @description The ETag */
      readonly version: number;
      /** Format: date-time */
      readonly createdAt: string;
      readonly createdBy: components["schemas"]["Actor"];
      /** Format: date-time */
      readonly updatedAt: string;
      readonly updatedBy: components["schemas"]["Actor"];
      /** @description Where it has got to; of what was just written only where another EMR has patients too */
      readonly synchronisation?: readonly components["schemas"]["Synchronisation"][];
      /** Format: uuid */
      readonly patientId: string;
      readonly encounterId: string | null;
      /** @enum {string} */
      readonly status:
        "registered" | "preliminary" | "final" | "amended" | "corrected" | "cancelled" | "entered-in-error";
      /** @enum {string} */
      readonly category: "vital-signs" | "laboratory";
      readonly codes: readonly {
        readonly system: string;
        readonly code: string;
        readonly display: string;
      }[];
      readonly value:
        | (
            | {
                /** @constant */
                readonly type: "quantity";
                readonly quantity: {
                  readonly value: number;
                  readonly unit: string;
                  readonly code: string;
                };
              }
            | {
                /** @constant */
                readonly type: "codes";
                readonly codes: readonly {
                  readonly system: string;
                  readonly code: string;
                  readonly display: string;
                }[];
              }
            | {
                /** @constant */
                readonly type: "text";
                readonly text: string;
              }
          )
        | null;
      readonly components: readonly {
        readonly codes: readonly {
          readonly system: string;
          readonly code: string;
          readonly display: string;
        }[];
        readonly value:
          | {
              /** @constant */
              readonly type: "quantity";
              readonly quantity: {
                readonly value: number;
                readonly unit: string;
                readonly code: string;
              };
            }
          | {
              /** @constant */
              readonly type: "codes";
              readonly codes: readonly {
                readonly system: string;
                readonly code: string;
                readonly display: string;
              }[];
            }
          | {
              /** @constant */
              readonly type: "text";
              readonly text: string;
            };
      }[];
      readonly interpretation: {
        readonly system: string;
        readonly code: string;
        readonly display: string;
      } | null;
      readonly referenceRange: {
        readonly low: {
          readonly value: number;
          readonly unit: string;
          readonly code: string;
        } | null;
        readonly high: {
          readonly value: number;
          readonly unit: string;
          readonly code: string;
        } | null;
        readonly text: string | null;
      } | null;
      /** Format: date-time */
      readonly effectiveAt: string;
      readonly orderId: string | null;
      readonly note: string | null;
    };
    readonly OpenEmrCopy: {
      readonly readAt: string | null;
      readonly ageSeconds: number | null;
      readonly stale: boolean;
      readonly away: boolean;
      readonly charts: readonly {
        readonly [key: string]: unknown;
      }[];
    };
    readonly Order:
      | {
          /** Format: uuid */
          readonly id: string;
          /** @description The ETag */
          readonly version: number;
          /** Format: date-time */
          readonly createdAt: string;
          readonly createdBy: components["schemas"]["Actor"];
          /** Format: date-time */
          readonly updatedAt: string;
          readonly updatedBy: components["schemas"]["Actor"];
          /** @description Where it has got to; of what was just written only where another EMR has patients too */
          readonly synchronisation?: readonly components["schemas"]["Synchronisation"][];
          readonly studies?: readonly {
            readonly studyInstanceUid: components["schemas"]["Uid"];
            readonly studyDate: string;
            readonly studyDescription: string;
            readonly accessionNumber: string;
            readonly instanceCount: number;
          }[];
          readonly imagesReceived?: boolean;
          /** Format: uuid */
          readonly patientId: string;
          readonly encounterId: string | null;
          /** @enum {string} */
          readonly status: "draft" | "active" | "on-hold" | "completed" | "revoked" | "entered-in-error";
          /** @enum {string} */
          readonly priority: "routine" | "urgent" | "asap" | "stat";
          readonly reasons: readonly {
            readonly system: string;
            readonly code: string;
            readonly display: string;
          }[];
          readonly note: string | null;
          /** @constant */
          readonly kind: "medication";
          readonly items: readonly {
            readonly drug: readonly {
              readonly system: string;
              readonly code: string;
              readonly display: string;
            }[];
            readonly dose: {
              readonly value: number;
              readonly unit: string;
              readonly code: string;
            };
            readonly route: {
              readonly system: string;
              readonly code: string;
              readonly display: string;
            };
            readonly frequency: {
              readonly times: number;
              readonly period: number;
              /** @enum {string} */
              readonly periodUnit: "h" | "d" | "wk" | "mo";
            };
            readonly duration: {
              readonly value: number;
              /** @enum {string} */
              readonly unit: "d" | "wk" | "mo";
            } | null;
            readonly asNeeded: boolean;
            readonly instructions: string | null;
          }[];
        }
      | {
          /** Format: uuid */
          readonly id: string;
          /** @description The ETag */
          readonly version: number;
          /** Format: date-time */
          readonly createdAt: string;
          readonly createdBy: components["schemas"]["Actor"];
          /** Format: date-time */
          readonly updatedAt: string;
          readonly updatedBy: components["schemas"]["Actor"];
          /** @description Where it has got to; of what was just written only where another EMR has patients too */
          readonly synchronisation?: readonly components["schemas"]["Synchronisation"][];
          readonly studies?: readonly {
            readonly studyInstanceUid: components["schemas"]["Uid"];
            readonly studyDate: string;
            readonly studyDescription: string;
            readonly accessionNumber: string;
            readonly instanceCount: number;
          }[];
          readonly imagesReceived?: boolean;
          /** Format: uuid */
          readonly patientId: string;
          readonly encounterId: string | null;
          /** @enum {string} */
          readonly status: "draft" | "active" | "on-hold" | "completed" | "revoked" | "entered-in-error";
          /** @enum {string} */
          readonly priority: "routine" | "urgent" | "asap" | "stat";
          readonly reasons: readonly {
            readonly system: string;
            readonly code: string;
            readonly display: string;
          }[];
          readonly note: string | null;
          /** @constant */
          readonly kind: "laboratory";
          readonly codes: readonly {
            readonly system: string;
            readonly code: string;
            readonly display: string;
          }[];
          readonly specimen: {
            readonly system: string;
            readonly code: string;
            readonly display: string;
          } | null;
        }
      | {
          /** Format: uuid */
          readonly id: string;
          /** @description The ETag */
          readonly version: number;
          /** Format: date-time */
          readonly createdAt: string;
          readonly createdBy: components["schemas"]["Actor"];
          /** Format: date-time */
          readonly updatedAt: string;
          readonly updatedBy: components["schemas"]["Actor"];
          /** @description Where it has got to; of what was just written only where another EMR has patients too */
          readonly synchronisation?: readonly components["schemas"]["Synchronisation"][];
          readonly studies?: readonly {
            readonly studyInstanceUid: components["schemas"]["Uid"];
            readonly studyDate: string;
            readonly studyDescription: string;
            readonly accessionNumber: string;
            readonly instanceCount: number;
          }[];
          readonly imagesReceived?: boolean;
          /** Format: uuid */
          readonly patientId: string;
          readonly encounterId: string | null;
          /** @enum {string} */
          readonly status: "draft" | "active" | "on-hold" | "completed" | "revoked" | "entered-in-error";
          /** @enum {string} */
          readonly priority: "routine" | "urgent" | "asap" | "stat";
          readonly reasons: readonly {
            readonly system: string;
            readonly code: string;
            readonly display: string;
          }[];
          readonly note: string | null;
          /** @constant */
          readonly kind: "radiology";
          readonly codes: readonly {
            readonly system: string;
            readonly code: string;
            readonly display: string;
          }[];
          readonly bodySite: {
            readonly system: string;
            readonly code: string;
            readonly display: string;
          } | null;
          readonly accessionNumber: string;
          readonly accessionIssuer: string | null;
          readonly modality: string;
          readonly scheduledStart: string | null;
          readonly stationAeTitle: string | null;
        }
      | {
          /** Format: uuid */
          readonly id: string;
          /** @description The ETag */
          readonly version: number;
          /** Format: date-time */
          readonly createdAt: string;
          readonly createdBy: components["schemas"]["Actor"];
          /** Format: date-time */
          readonly updatedAt: string;
          readonly updatedBy: components["schemas"]["Actor"];
          /** @description Where it has got to; of what was just written only where another EMR has patients too */
          readonly synchronisation?: readonly components["schemas"]["Synchronisation"][];
          readonly studies?: readonly {
            readonly studyInstanceUid: components["schemas"]["Uid"];
            readonly studyDate: string;
            readonly studyDescription: string;
            readonly accessionNumber: string;
            readonly instanceCount: number;
          }[];
          readonly imagesReceived?: boolean;
          /** Format: uuid */
          readonly patientId: string;
          readonly encounterId: string | null;
          /** @enum {string} */
          readonly status: "draft" | "active" | "on-hold" | "completed" | "revoked" | "entered-in-error";
          /** @enum {string} */
          readonly priority: "routine" | "urgent" | "asap" | "stat";
          readonly reasons: readonly {
            readonly system: string;
            readonly code: string;
            readonly display: string;
          }[];
          readonly note: string | null;
          /** @constant */
          readonly kind: "procedure";
          readonly codes: readonly {
            readonly system: string;
            readonly code: string;
            readonly display: string;
          }[];
          readonly bodySite: {
            readonly system: string;
            readonly code: string;
            readonly display: string;
          } | null;
          readonly performedAt: string | null;
          readonly outcome: {
            readonly system: string;
            readonly code: string;
            readonly display: string;
          } | null;
        };
    readonly Patient: {
      /** Format: uuid */
      readonly id: string;
      /** @description The ETag */
      readonly version: number;
      /** Format: date-time */
      readonly createdAt: string;
      readonly createdBy: components["schemas"]["Actor"];
      /** Format: date-time */
      readonly updatedAt: string;
      readonly updatedBy: components["schemas"]["Actor"];
      /** @description Where it has got to; of what was just written only where another EMR has patients too */
      readonly synchronisation?: readonly components["schemas"]["Synchronisation"][];
      readonly patientKey: string;
      readonly mergedInto: string | null;
      readonly possibleDuplicates?: readonly string[];
      /** @constant */
      readonly degraded?: "will synchronise";
      readonly openemr?: components["schemas"]["OpenEmrCopy"] | null;
      /** @enum {string} */
      readonly status: "active" | "inactive" | "entered-in-error";
      readonly identifiers: readonly {
        readonly issuer: string;
        readonly value: string;
      }[];
      readonly name: {
        readonly alphabetic?: {
          readonly family: string;
          readonly given: string;
        };
        readonly ideographic?: {
          readonly family: string;
          readonly given: string;
        };
        readonly phonetic?: {
          readonly family: string;
          readonly given: string;
        };
      };
      readonly birthDate: string | null;
      /** @enum {string} */
      readonly sex: "male" | "female" | "other" | "unknown";
      readonly phone: string | null;
      readonly email: string | null;
      readonly address: {
        readonly line: string;
        readonly city: string;
        readonly state: string;
        readonly postalCode: string;
        readonly country: string;
      } | null;
    };
    readonly PatientIdentity: {
      readonly patientId: string;
      readonly issuerOfPatientId: string;
    };
    /**
     * @description - `page-gone` (400): the study that a page of the study list is after is gone: begin with the first page
     *     - `webhook-address-refused` (400): the address of a webhook is not public, and in no network of `NEURONOVA_WEBHOOK_NETWORKS`
     *     - `request-malformed` (400)
     *     - `smart-state-invalid`, `smart-launch-expired`, `smart-launch-used` (400): the launch was begun in another browser or is over; took more than ten minutes; was used before
     *     - `token-missing`, `token-invalid`, `token-expired` (401): no usable access token
     *     - `invalid-credentials` (401): user name or password wrong, or the account is locked
     *     - `no-session` (401): no refresh token, or one that was used before
     *     - `share-link-expired`, `share-link-invalid` (401): the link is over or used up; was revoked or never was
     *     - `hook-signature-invalid`, `hook-timestamp-outside` (401): of a hook: neither signed by a secret of its source nor with an API key that may speak for it; `webhook-timestamp` is more than 5 minutes off
     *     - `launch-over` (401): the session that an EMR launched has ended
     *     - `credentials-missing` (401): Orthanc's own credentials are needed
     *     - `forbidden` (403): the role may not do this
     *     - `study-forbidden` (403): there is no such study, or it is out of reach: not told which
     *     - `search-too-broad` (403): more than 200 studies within reach may match the search
     *     - `smart-issuer-unknown` (403): launches of this EMR are not taken (smart-launch.md)
     *     - `smart-denied`, `smart-refused`, `smart-code-refused` (403): access was denied at the EMR; the EMR refused the launch; the EMR does not take its code any more
     *     - `smart-user-unknown`, `smart-role-unknown` (403): the ID token does not say in a way that can be verified who launches; that person has no role here
     *     - `smart-patient-missing`, `smart-patient-unknown` (403): the EMR does not say whose chart is open; its patient has no identifier that images go by, or two
     *     - `cross-site`, `caller-unknown` (403): a cookie from another page; Orthanc does not say who asks
     *     - `hook-source-off`, `hook-type-not-allowed` (403): the source of a hook is switched off; it may not send this type (`types` has those it may)
     *     - `reviewer-not-a-person` (403): results are reviewed by people
     *     - `selector-not-a-person` (403): key images are chosen by people
     *     - `no-such-resource`, `study-not-found`, `no-such-frame`, `no-such-failure`, `no-such-message` (404)
     *     - `no-such-account`, `no-such-api-key`, `no-such-client`, `no-such-webhook`, `no-such-delivery`, `no-such-hook-source`, `no-such-hook-message`, `no-such-share-link`, `no-such-break-glass` (404): also when it is not yours to see
     *     - `no-such-record`, `no-such-merge`, `no-such-identity-item` (404): of the EMR; also when it is out of reach (emr.md)
     *     - `no-such-model`, `no-such-job`, `series-not-found`, `instance-not-found`, `no-such-inference`, `no-such-object` (404): of models' work; also when it is out of reach
     *     - `no-such-key-images` (404): or not one's own (key-images.md)
     *     - `no-such-result` (404): also when its study is out of reach (review.md)
     *     - `method-not-allowed` (405)
     *     - `not-acceptable` (406): no acceptable form of it is to be had (conformance); a search or an upload in another format
     *     - `upload-too-slow` (408): nothing of an upload was stored before its client became too slow
     *     - `study-ambiguous` (409): studies of two patients share a Study Instance UID
     *     - `username-taken`, `client-taken`, `hook-source-taken`, `own-account`, `own-break-glass`, `already-in-reach` (409)
     *     - `version-conflict` (409): the record was changed meanwhile; `current` and `yours` are both versions
     *     - `identifier-taken`, `accession-number-taken` (409): another patient's, another order's; `patientId` names the former to those who may see it
     *     - `patient-merged`, `patient-withdrawn`, `patient-has-records`, `record-withdrawn` (409): the record stands for another (`mergedInto`), not at all, or cannot be withdrawn while it has records
     *     - `order-step-unknown`, `order-closed` (409): the table of orders has no such step; the order is over
     *     - `merge-undone`, `merge-not-last`, `identity-item-resolved` (409): done before; a later merge has to be undone first
     *     - `series-receiving`, `series-ambiguous`, `job-over`, `job-not-over` (409): images are still arriving; patients share the UID; the job cannot be canceled, or retried, any more or yet
     *     - `roles-are-code` (409): roles are part of the program
     *     - `already-reviewed`, `result-superseded`, `model-missing`, `not-a-segmentation` (409): somebody has decided (`review` says who, what, when); there is another result (`reportSopInstanceUid`); a correction has no model to be measured by
     *     - `body-too-large` (413)
     *     - `media-type-unsupported` (415): STOW-RS takes `multipart/related; type="application/dicom"` (stow-rs.md); of other bodies the charset or the encoding is not taken
     *     - `reference-invalid`, `member-fixed`, `not-a-candidate` (422): what it refers to is not this patient's; what never changes; the item is not about this patient
     *     - `image-not-selectable` (422): what is to be a key image is not in the study, has no such frame, or is no image
     *     - `idempotency-key-reused`, `webhook-id-reused` (422): the key, or the `webhook-id`, was used with another body
     *     - `hook-type-unknown` (422): there is no such hook; `types` has those there are
     *     - `model-not-applicable`, `inference-failed` (422): with the reasons; `reason` has the code
     *     - `segmentation-unreadable`, `segmentation-of-another`, `segmentation-geometry`, `segmentation-segments` (422): why a corrected segmentation is not taken
     *     - `precondition-required` (428): a change needs `If-Match`
     *     - `too-many-requests` (429): a user's requests, or uploads, within a minute; `Retry-After` says when
     *     - `too-many-logins` (429)
     *     - `internal-error` (500): the log has the details
     *     - `too-many-uploads` (503): all places for uploads, or all of a user's, are taken
     *     - `smart-server-unavailable` (503): the EMR does not answer, or not in a way that can be read
     *     - `identity-provider-unavailable`, `not-configured` (503): an external provider's keys cannot be fetched; a setting is missing
     *     - `accession-numbers-exhausted` (503): no free accession number was found
     *     - `state-unavailable` (503): the database does not answer
     *     - `queue-unavailable` (503): Redis does not answer
     *     - `inference-busy` (503): too many questions to models wait
     *     - `rendition-gone` (503): an HTJ2K rendition was removed while it was being read; ask again
     *     - `audit-unavailable` (503): accesses cannot be recorded
     * @enum {string}
     */
    readonly ProblemCode:
      | "page-gone"
      | "webhook-address-refused"
      | "request-malformed"
      | "smart-state-invalid"
      | "smart-launch-expired"
      | "smart-launch-used"
      | "token-missing"
      | "token-invalid"
      | "token-expired"
      | "invalid-credentials"
      | "no-session"
      | "share-link-expired"
      | "share-link-invalid"
      | "hook-signature-invalid"
      | "hook-timestamp-outside"
      | "launch-over"
      | "credentials-missing"
      | "forbidden"
      | "study-forbidden"
      | "search-too-broad"
      | "smart-issuer-unknown"
      | "smart-denied"
      | "smart-refused"
      | "smart-code-refused"
      | "smart-user-unknown"
      | "smart-role-unknown"
      | "smart-patient-missing"
      | "smart-patient-unknown"
      | "cross-site"
      | "caller-unknown"
      | "hook-source-off"
      | "hook-type-not-allowed"
      | "reviewer-not-a-person"
      | "selector-not-a-person"
      | "no-such-resource"
      | "study-not-found"
      | "no-such-frame"
      | "no-such-failure"
      | "no-such-message"
      | "no-such-account"
      | "no-such-api-key"
      | "no-such-client"
      | "no-such-webhook"
      | "no-such-delivery"
      | "no-such-hook-source"
      | "no-such-hook-message"
      | "no-such-share-link"
      | "no-such-break-glass"
      | "no-such-record"
      | "no-such-merge"
      | "no-such-identity-item"
      | "no-such-model"
      | "no-such-job"
      | "series-not-found"
      | "instance-not-found"
      | "no-such-inference"
      | "no-such-object"
      | "no-such-key-images"
      | "no-such-result"
      | "method-not-allowed"
      | "not-acceptable"
      | "upload-too-slow"
      | "study-ambiguous"
      | "username-taken"
      | "client-taken"
      | "hook-source-taken"
      | "own-account"
      | "own-break-glass"
      | "already-in-reach"
      | "version-conflict"
      | "identifier-taken"
      | "accession-number-taken"
      | "patient-merged"
      | "patient-withdrawn"
      | "patient-has-records"
      | "record-withdrawn"
      | "order-step-unknown"
      | "order-closed"
      | "merge-undone"
      | "merge-not-last"
      | "identity-item-resolved"
      | "series-receiving"
      | "series-ambiguous"
      | "job-over"
      | "job-not-over"
      | "roles-are-code"
      | "already-reviewed"
      | "result-superseded"
      | "model-missing"
      | "not-a-segmentation"
      | "body-too-large"
      | "media-type-unsupported"
      | "reference-invalid"
      | "member-fixed"
      | "not-a-candidate"
      | "image-not-selectable"
      | "idempotency-key-reused"
      | "webhook-id-reused"
      | "hook-type-unknown"
      | "model-not-applicable"
      | "inference-failed"
      | "segmentation-unreadable"
      | "segmentation-of-another"
      | "segmentation-geometry"
      | "segmentation-segments"
      | "precondition-required"
      | "too-many-requests"
      | "too-many-logins"
      | "internal-error"
      | "too-many-uploads"
      | "smart-server-unavailable"
      | "identity-provider-unavailable"
      | "not-configured"
      | "accession-numbers-exhausted"
      | "state-unavailable"
      | "queue-unavailable"
      | "inference-busy"
      | "rendition-gone"
      | "audit-unavailable";
    readonly Progress: {
      readonly slicesDone: number;
      readonly slices: number;
    };
    readonly Readiness: {
      /**
       * @description `stopping`: it was told to end, and answers what it was asked before
       * @enum {string}
       */
      readonly status: "ready" | "not-ready" | "stopping";
      readonly dependencies: {
        readonly [key: string]: {
          /** @enum {string} */
          readonly status: "up" | "down";
          readonly reason?: string;
        };
      };
      readonly roles: readonly string[];
      /** @description Of a process that runs models */
      readonly engines?: unknown;
      readonly breakers: {
        readonly [key: string]: unknown;
      };
    };
    readonly Reason: {
      readonly code: string;
      readonly detail: string;
    };
    readonly Report: {
      /** Format: uuid */
      readonly id: string;
      /** @description The ETag */
      readonly version: number;
      /** Format: date-time */
      readonly createdAt: string;
      readonly createdBy: components["schemas"]["Actor"];
      /** Format: date-time */
      readonly updatedAt: string;
      readonly updatedBy: components["schemas"]["Actor"];
      /** @description Where it has got to; of what was just written only where another EMR has patients too */
      readonly synchronisation?: readonly components["schemas"]["Synchronisation"][];
      /** Format: uuid */
      readonly patientId: string;
      readonly encounterId: string | null;
      /** @enum {string} */
      readonly status:
        | "registered"
        | "partial"
        | "preliminary"
        | "final"
        | "amended"
        | "corrected"
        | "appended"
        | "cancelled"
        | "entered-in-error";
      readonly category: {
        readonly system: string;
        readonly code: string;
        readonly display: string;
      };
      readonly codes: readonly {
        readonly system: string;
        readonly code: string;
        readonly display: string;
      }[];
      /** Format: date-time */
      readonly effectiveAt: string;
      readonly conclusion: string | null;
      readonly conclusionCodes: readonly {
        readonly system: string;
        readonly code: string;
        readonly display: string;
      }[];
      readonly orderId: string | null;
      readonly observationIds: readonly string[];
      readonly studyInstanceUids: readonly string[];
    };
    readonly Result: {
      readonly id: number;
      readonly model: {
        readonly name: string;
        readonly version: string;
      };
      readonly studyInstanceUid: components["schemas"]["Uid"];
      readonly sourceSeriesInstanceUid: components["schemas"]["Uid"];
      /** @enum {string} */
      readonly state: "queued" | "running" | "succeeded" | "failed" | "not-applicable" | "canceled";
      /** @description Neither the archive nor FHIR has it until it is accepted */
      readonly held: boolean;
      readonly reportSopInstanceUid: components["schemas"]["Uid"];
      readonly objects: readonly components["schemas"]["ObjectAddress"][];
      readonly segments: readonly components["schemas"]["MeasuredSegment"][];
      readonly scores: readonly components["schemas"]["RiskScore"][];
      readonly confidence: number | null;
      readonly engine: string;
      readonly modelMilliseconds: number;
      readonly review: components["schemas"]["Review"] | null;
      readonly history: readonly {
        readonly id: number;
        /** @enum {string} */
        readonly decision: "accepted" | "rejected" | "edited";
        readonly reason:
          | ("quality" | "wrong-series" | "false-positive" | "false-negative" | "wrong-boundary" | "other")
          | null;
        readonly comment: string | null;
        readonly reviewer: {
          readonly username: string;
          readonly displayName: string;
          readonly organisation: string;
        };
        /** Format: date-time */
        readonly decidedAt: string;
        /**
         * @description How far it has been carried out
         * @enum {string}
         */
        readonly state: "pending" | "applied" | "superseded" | "failed";
        readonly failure?: string;
        /** @description The SR that was looked at */
        readonly reportSopInstanceUid: components["schemas"]["Uid"];
        readonly verifiedSopInstanceUid?: components["schemas"]["Uid"];
        readonly result: {
          readonly segments: readonly components["schemas"]["MeasuredSegment"][];
          readonly scores: readonly components["schemas"]["RiskScore"][];
          readonly confidence: number | null;
          readonly engine: string;
          readonly modelMilliseconds: number;
        };
      }[];
    };
    readonly Review: {
      readonly id: number;
      /** @enum {string} */
      readonly decision: "accepted" | "rejected" | "edited";
      readonly reason:
        | ("quality" | "wrong-series" | "false-positive" | "false-negative" | "wrong-boundary" | "other")
        | null;
      readonly comment: string | null;
      readonly reviewer: {
        readonly username: string;
        readonly displayName: string;
        readonly organisation: string;
      };
      /** Format: date-time */
      readonly decidedAt: string;
      /**
       * @description How far it has been carried out
       * @enum {string}
       */
      readonly state: "pending" | "applied" | "superseded" | "failed";
      readonly failure?: string;
      /** @description The SR that was looked at */
      readonly reportSopInstanceUid: components["schemas"]["Uid"];
      readonly verifiedSopInstanceUid?: components["schemas"]["Uid"];
    };
    readonly RiskScore: {
      readonly name: string;
      readonly title: string;
      readonly code: components["schemas"]["CodedConcept"];
      readonly value: number;
      readonly range: readonly [number, number];
      /** @description What low and high values mean */
      readonly meaning: string;
      readonly band?: {
        readonly code: components["schemas"]["CodedConcept"];
        readonly label: string;
      };
    };
    readonly SeriesSummary: {
      readonly seriesInstanceUid: components["schemas"]["Uid"];
      readonly modality: string;
      readonly seriesNumber: number | null;
      readonly seriesDescription: string;
      readonly instanceCount: number;
      /** @enum {string} */
      readonly state: "receiving" | "stable";
      readonly notRenderable: readonly {
        readonly sopInstanceUid: components["schemas"]["Uid"];
        readonly reason: string;
      }[];
      readonly failed: readonly {
        readonly sopInstanceUid: components["schemas"]["Uid"];
        readonly reason: string;
      }[];
    };
    readonly Session: {
      readonly accessToken: string;
      /** @constant */
      readonly tokenType: "Bearer";
      readonly expiresInSeconds: number;
      readonly account: {
        readonly username: string;
        readonly displayName: string;
        /** @enum {string} */
        readonly role:
          "admin" | "doctor" | "radiologist" | "technologist" | "nurse" | "lab" | "patient" | "external";
      };
      /** @description Where it was asked for in the body */
      readonly refreshToken?: string;
    };
    readonly ShadowResult: {
      readonly id: number;
      /** @constant */
      readonly mode: "shadow";
      readonly model: components["schemas"]["ModelCaption"];
      /** @enum {string} */
      readonly state: "queued" | "running" | "succeeded" | "failed" | "not-applicable" | "canceled";
      readonly reason?: string;
      readonly sourceSeriesInstanceUid: components["schemas"]["Uid"];
      readonly segments?: readonly components["schemas"]["MeasuredSegment"][];
      readonly scores?: readonly components["schemas"]["RiskScore"][];
      readonly confidence?: number | null;
      readonly engine?: string;
      readonly modelMilliseconds?: number;
    };
    readonly ShareLink: {
      readonly id: number;
      readonly type: string;
      readonly note: string;
      readonly permissions: readonly (
        | "view"
        | "download"
        | "delete"
        | "send"
        | "modify"
        | "anonymize"
        | "upload"
        | "q-r-remote-modalities"
        | "settings"
        | "api-view"
        | "edit-labels"
        | "admin-permissions"
        | "audit-logs"
        | "worklists"
        | "share"
        | "annotate"
        | "review"
        | "run-model"
        | "administer-work"
        | "administer-archive"
        | "break-glass"
        | "emr-view"
        | "emr-write"
        | "order"
        | "prescribe"
        | "record-results"
        | "resolve-identity"
      )[];
      readonly studyInstanceUids: readonly components["schemas"]["Uid"][];
      readonly createdBy: string;
      readonly createdByName: string;
      /** Format: date-time */
      readonly createdAt: string;
      /** Format: date-time */
      readonly expiresAt: string;
      /** @description null for any number */
      readonly usesAllowed: number | null;
      readonly uses: number;
      readonly lastUsedAt: string | null;
      readonly revokedAt: string | null;
      readonly revokedBy: string | null;
    };
    readonly ShareSession: {
      readonly accessToken: string;
      /** @constant */
      readonly tokenType: "Bearer";
      readonly expiresInSeconds: number;
      readonly studyInstanceUids: readonly components["schemas"]["Uid"][];
      readonly permissions: readonly string[];
      /** Format: date-time */
      readonly linkExpiresAt: string;
    };
    readonly Status: {
      /** @enum {string} */
      readonly state: "well" | "degraded" | "down";
      /** Format: date-time */
      readonly at: string;
      readonly concerns: readonly {
        /** @enum {string} */
        readonly code:
          | "dependency-down"
          | "not-known"
          | "destination-shut"
          | "messages-failed"
          | "work-late"
          | "schedule-failed"
          | "audit-broken"
          | "backup-old";
        readonly subject: string;
        /** @description Of `work-late`: the age of the oldest */
        readonly seconds?: number;
      }[];
      readonly dependencies: {
        readonly [key: string]: {
          /** @enum {string} */
          readonly status: "up" | "down";
          readonly reason?: string;
        };
      };
      readonly queues:
        | readonly {
            readonly step: string;
            readonly waiting: number;
            readonly delayed: number;
            readonly running: number;
          }[]
        | null;
      readonly oldestSeconds: {
        readonly rendition: number;
        readonly analysis: number;
        readonly inference: number;
      } | null;
      /** @description Instances by state */
      readonly renditions: {
        readonly [key: string]: number;
      } | null;
      readonly destinations: readonly components["schemas"]["Destination"][] | null;
      readonly schedules:
        | readonly {
            readonly name: string;
            readonly doneSlot: string | null;
            /** Format: date-time */
            readonly startedAt: string;
            /** Format: date-time */
            readonly endedAt: string;
            readonly succeeded: boolean;
            readonly runs: number;
          }[]
        | null;
      readonly audit: {
        readonly waiting: number;
        readonly secondsSinceSeal: number;
      } | null;
      readonly lastBackup: string | null;
    };
    readonly StudyDetails: {
      readonly studyInstanceUid: components["schemas"]["Uid"];
      /** @description Orthanc's own name of the study */
      readonly orthancId: string;
      readonly patientId: string;
      /** @description PN: `alphabetic=ideographic=phonetic` (PS3.5 6.2.1) */
      readonly patientName: string;
      readonly patientSex: string;
      /** @description YYYYMMDD or empty */
      readonly patientBirthDate: string;
      /** @description YYYYMMDD or empty */
      readonly studyDate: string;
      readonly studyTime: string;
      readonly studyDescription: string;
      readonly accessionNumber: string;
      readonly modalities: readonly string[];
      readonly seriesCount: number;
      readonly instanceCount: number;
      readonly rendition: {
        readonly pending: number;
        readonly rendered: number;
        readonly notRenderable: number;
        readonly failed: number;
        /** @description By retention: shown as stored */
        readonly dropped: number;
      };
      /** @enum {string} */
      readonly analysis: "none" | "waiting" | "running" | "succeeded" | "failed";
      readonly review: {
        /** @enum {string} */
        readonly state: "none" | "unreviewed" | "partly-reviewed" | "reviewed";
        readonly decisions: readonly ("accepted" | "rejected" | "edited")[];
      };
      readonly fhir: {
        /** @enum {string} */
        readonly state: "none" | "waiting" | "synchronised" | "failed";
        /** Format: date-time */
        readonly at?: string;
        /** Format: date-time */
        readonly since?: string;
        readonly reason?: string;
      };
      readonly series: readonly components["schemas"]["SeriesSummary"][];
      readonly mayReview: boolean;
      readonly mayRunModel: boolean;
      readonly runnableModels?: readonly {
        readonly name: string;
        readonly version: string;
        readonly title: string;
        /** @description Is to be shown with every result */
        readonly notice: string;
        readonly seriesInstanceUids: readonly components["schemas"]["Uid"][];
      }[];
      readonly results: readonly components["schemas"]["StudyResult"][];
      /** @description For who administers */
      readonly shadowResults?: readonly components["schemas"]["ShadowResult"][];
      readonly fhirResources: readonly {
        readonly resourceType: string;
        readonly id: string;
        /** Format: date-time */
        readonly synchronisedAt: string;
      }[];
      readonly synchronisation: {
        readonly study: readonly components["schemas"]["Synchronisation"][];
        readonly results: readonly {
          readonly analysis: number;
          readonly destinations: readonly components["schemas"]["Synchronisation"][];
        }[];
      };
      readonly mayReplay: boolean;
    };
    readonly StudyResult: {
      readonly id: number;
      readonly model: components["schemas"]["ModelCaption"];
      /** @enum {string} */
      readonly state: "queued" | "running" | "succeeded" | "failed" | "not-applicable" | "canceled";
      readonly code?: string;
      readonly reason?: string;
      readonly progress?: components["schemas"]["Progress"];
      readonly sourceSeriesInstanceUid: components["schemas"]["Uid"];
      readonly segments: readonly components["schemas"]["MeasuredSegment"][];
      readonly scores: readonly components["schemas"]["RiskScore"][];
      readonly confidence?: number | null;
      readonly engine?: string;
      readonly modelMilliseconds?: number;
      /** @description Waits for somebody to accept it */
      readonly held?: boolean;
      readonly review?: components["schemas"]["Review"] | null;
      readonly segmentation?: components["schemas"]["ObjectAddress"];
      readonly attention?: components["schemas"]["ObjectAddress"];
      readonly summaryImage?: components["schemas"]["ObjectAddress"];
      readonly report?: components["schemas"]["ObjectAddress"];
      /** @description Names the result in a decision about it */
      readonly reportSopInstanceUid?: components["schemas"]["Uid"];
      /** @enum {string} */
      readonly verification?: "VERIFIED" | "UNVERIFIED";
    };
    readonly StudySummary: {
      readonly studyInstanceUid: components["schemas"]["Uid"];
      /** @description Orthanc's own name of the study */
      readonly orthancId: string;
      readonly patientId: string;
      /** @description PN: `alphabetic=ideographic=phonetic` (PS3.5 6.2.1) */
      readonly patientName: string;
      readonly patientSex: string;
      /** @description YYYYMMDD or empty */
      readonly patientBirthDate: string;
      /** @description YYYYMMDD or empty */
      readonly studyDate: string;
      readonly studyTime: string;
      readonly studyDescription: string;
      readonly accessionNumber: string;
      readonly modalities: readonly string[];
      readonly seriesCount: number;
      readonly instanceCount: number;
      readonly rendition: {
        readonly pending: number;
        readonly rendered: number;
        readonly notRenderable: number;
        readonly failed: number;
        /** @description By retention: shown as stored */
        readonly dropped: number;
      };
      /** @enum {string} */
      readonly analysis: "none" | "waiting" | "running" | "succeeded" | "failed";
      readonly review: {
        /** @enum {string} */
        readonly state: "none" | "unreviewed" | "partly-reviewed" | "reviewed";
        readonly decisions: readonly ("accepted" | "rejected" | "edited")[];
      };
      readonly fhir: {
        /** @enum {string} */
        readonly state: "none" | "waiting" | "synchronised" | "failed";
        /** Format: date-time */
        readonly at?: string;
        /** Format: date-time */
        readonly since?: string;
        readonly reason?: string;
      };
    };
    readonly Synchronisation: {
      /** @enum {string} */
      readonly destination: "fhir" | "openemr" | "webhook";
      /** @enum {string} */
      readonly state: "waiting" | "synchronised" | "failed";
      /**
       * Format: date-time
       * @description When it was brought there last, if ever
       */
      readonly synchronisedAt?: string;
      /** Format: date-time */
      readonly waitingSince?: string;
      readonly code?: string;
      readonly reason?: string;
    };
    /** @description A DICOM UID */
    readonly Uid: string;
    readonly Webhook: {
      readonly url: string;
      readonly description: string;
      readonly events: readonly string[];
      readonly filter: {
        readonly modalities: readonly string[];
        readonly labels: readonly string[];
      };
      readonly id: number;
      readonly enabled: boolean;
      readonly disabledCode: ("by-person" | "gave-up" | "gone") | null;
      /** @description Deliveries that failed in a row */
      readonly failures: number;
      readonly failingSince: string | null;
      readonly succeededAt: string | null;
      readonly createdBy: string;
      /** Format: date-time */
      readonly createdAt: string;
      /** Format: date-time */
      readonly changedAt: string;
    };
    readonly WebhookDelivery: {
      readonly id: number;
      /** @description The header `webhook-id` */
      readonly webhookId: string;
      readonly type: string;
      readonly sequence: number | null;
      /** @enum {string} */
      readonly state: "pending" | "delivered" | "failed" | "dropped";
      readonly attempts: number;
      readonly code: string | null;
      readonly reason: string | null;
      /** Format: date-time */
      readonly createdAt: string;
      readonly attemptedAt: string | null;
      readonly nextAttemptAt: string | null;
      readonly endedAt: string | null;
    };
    readonly LogInBody: {
      readonly username: string;
      readonly password: string;
      /**
       * @default cookie
       * @enum {string}
       */
      readonly refreshTokenIn?: "cookie" | "body";
    };
    readonly LogInAnswer: components["schemas"]["Session"];
    readonly RefreshSessionBody: {
      readonly refreshToken?: string;
    };
    readonly RefreshSessionAnswer: components["schemas"]["Session"];
    readonly LogOutBody: {
      readonly refreshToken?: string;
    };
    readonly ChangeOwnPasswordBody: {
      readonly oldPassword: string;
      readonly newPassword: string;
    };
    readonly GetMeAnswer: components["schemas"]["Me"];
    readonly BeginOrthancSessionAnswer: {
      readonly address: string;
    };
    readonly SearchStudiesAnswer: {
      /** @description Of all pages */
      readonly total: number;
      readonly studies: readonly components["schemas"]["StudySummary"][];
      /** @description The `after` of the next page */
      readonly next: string | null;
    };
    readonly GetStudyAnswer: components["schemas"]["StudyDetails"];
    readonly GetStudyFhirAnswer: {
      readonly resources: readonly {
        readonly [key: string]: unknown;
      }[];
    };
    readonly SetLabelsBody: {
      readonly labels: readonly string[];
    };
    readonly ListKeyImagesAnswer: {
      readonly selections: readonly components["schemas"]["KeyImages"][];
      readonly complete: boolean;
      readonly mayAdd: boolean;
    };
    readonly SelectKeyImagesBody: {
      /** @enum {string} */
      readonly title:
        | "113000"
        | "113002"
        | "113003"
        | "113004"
        | "113005"
        | "113006"
        | "113007"
        | "113008"
        | "113009"
        | "113018";
      readonly description?: string;
      readonly images: readonly {
        readonly sopInstanceUid: string;
        readonly frameNumber?: number;
      }[];
    };
    readonly SelectKeyImagesAnswer: components["schemas"]["KeyImages"];
    readonly RequestJobsBody: {
      readonly studyInstanceUid?: string;
      readonly seriesInstanceUid?: string;
      readonly model: string;
      readonly version?: string;
      /**
       * @default medium
       * @enum {string}
       */
      readonly priority?: "high" | "medium" | "low";
    };
    readonly RequestJobsAnswer: {
      readonly jobs: readonly components["schemas"]["Job"][];
    };
    readonly ListJobsAnswer: {
      readonly jobs: readonly components["schemas"]["Job"][];
      /** @description Whether one may have jobs done, cancel and retry them */
      readonly mayChange: boolean;
      readonly next?: number;
    };
    readonly GetJobAnswer: components["schemas"]["JobDetails"];
    readonly CancelJobAnswer: components["schemas"]["Job"];
    readonly RetryJobAnswer: components["schemas"]["Job"];
    readonly InferBody: {
      readonly studyInstanceUid?: string;
      readonly seriesInstanceUid: string;
      readonly sopInstanceUid?: string;
      readonly model: string;
      readonly version?: string;
    };
    readonly InferAnswer: components["schemas"]["Inference"];
    readonly GetInferenceAnswer: components["schemas"]["Inference"];
    readonly GetResultAnswer: components["schemas"]["Result"];
    readonly ReviewResultBody: {
      /** @enum {string} */
      readonly decision: "accepted" | "rejected";
      readonly reportSopInstanceUid: string;
      /** @enum {string} */
      readonly reason?:
        "quality" | "wrong-series" | "false-positive" | "false-negative" | "wrong-boundary" | "other";
      readonly comment?: string;
    };
    readonly ReviewResultAnswer: components["schemas"]["Review"];
    readonly CorrectSegmentationAnswer: components["schemas"]["Review"];
    readonly GetAgreementAnswer: {
      readonly models: readonly components["schemas"]["ModelAgreement"][];
    };
    readonly ListModelsAnswer: components["schemas"]["ModelList"];
    readonly ReloadModelsAnswer: components["schemas"]["ModelList"];
    readonly SetModelModeBody: {
      /** @enum {string} */
      readonly mode: "enabled" | "disabled" | "shadow";
    };
    readonly SetModelModeAnswer: {
      readonly name: string;
      readonly version: string;
      /** @enum {string} */
      readonly mode: "enabled" | "disabled" | "shadow";
    };
    readonly GetModelStatisticsAnswer: components["schemas"]["ModelStatistics"];
    readonly SearchPatientsAnswer: {
      readonly records: readonly components["schemas"]["Patient"][];
      readonly next: string | null;
    };
    readonly CreatePatientBody: {
      /**
       * @default active
       * @enum {string}
       */
      readonly status?: "active" | "inactive" | "entered-in-error";
      readonly identifiers: readonly {
        readonly issuer: string;
        readonly value: string;
      }[];
      readonly name: {
        readonly alphabetic?: {
          /** @default  */
          readonly family?: string;
          /** @default  */
          readonly given?: string;
        };
        readonly ideographic?: {
          /** @default  */
          readonly family?: string;
          /** @default  */
          readonly given?: string;
        };
        readonly phonetic?: {
          /** @default  */
          readonly family?: string;
          /** @default  */
          readonly given?: string;
        };
      };
      /** @default null */
      readonly birthDate?: string | null;
      /**
       * @default unknown
       * @enum {string}
       */
      readonly sex?: "male" | "female" | "other" | "unknown";
      /** @default null */
      readonly phone?: string | null;
      /** @default null */
      readonly email?: string | null;
      /** @default null */
      readonly address?: {
        /** @default  */
        readonly line?: string;
        /** @default  */
        readonly city?: string;
        /** @default  */
        readonly state?: string;
        /** @default  */
        readonly postalCode?: string;
        /** @default  */
        readonly country?: string;
      } | null;
    };
    readonly CreatePatientAnswer: components["schemas"]["Patient"];
    readonly GetPatientAnswer: components["schemas"]["Patient"];
    readonly ChangePatientBody: {
      readonly [key: string]: unknown;
    };
    readonly ChangePatientAnswer: components["schemas"]["Patient"];
    readonly SearchEncountersAnswer: {
      readonly records: readonly components["schemas"]["Encounter"][];
      readonly next: string | null;
    };
    readonly CreateEncounterBody: {
      /** Format: uuid */
      readonly patientId: string;
      /** @enum {string} */
      readonly status:
        | "planned"
        | "arrived"
        | "triaged"
        | "in-progress"
        | "onleave"
        | "finished"
        | "cancelled"
        | "entered-in-error";
      readonly class: {
        readonly system: string;
        readonly code: string;
        /** @default  */
        readonly display?: string;
      };
      /** @default [] */
      readonly types?: readonly {
        readonly system: string;
        readonly code: string;
        /** @default  */
        readonly display?: string;
      }[];
      /** @default [] */
      readonly reasons?: readonly {
        readonly system: string;
        readonly code: string;
        /** @default  */
        readonly display?: string;
      }[];
      /** Format: date-time */
      readonly startAt: string;
      /** @default null */
      readonly endAt?: string | null;
      /** @default null */
      readonly note?: string | null;
    };
    readonly CreateEncounterAnswer: components["schemas"]["Encounter"];
    readonly GetEncounterAnswer: components["schemas"]["Encounter"];
    readonly ChangeEncounterBody: {
      readonly [key: string]: unknown;
    };
    readonly ChangeEncounterAnswer: components["schemas"]["Encounter"];
    readonly SearchConditionsAnswer: {
      readonly records: readonly components["schemas"]["Condition"][];
      readonly next: string | null;
    };
    readonly CreateConditionBody: {
      /** Format: uuid */
      readonly patientId: string;
      /** @default null */
      readonly encounterId?: string | null;
      /**
       * @default active
       * @enum {string}
       */
      readonly clinicalStatus?: "active" | "recurrence" | "relapse" | "inactive" | "remission" | "resolved";
      /**
       * @default confirmed
       * @enum {string}
       */
      readonly verificationStatus?:
        "unconfirmed" | "provisional" | "differential" | "confirmed" | "refuted" | "entered-in-error";
      /**
       * @default problem-list-item
       * @enum {string}
       */
      readonly category?: "problem-list-item" | "encounter-diagnosis";
      readonly codes: readonly {
        readonly system: string;
        readonly code: string;
        /** @default  */
        readonly display?: string;
      }[];
      /** @default null */
      readonly severity?: {
        readonly system: string;
        readonly code: string;
        /** @default  */
        readonly display?: string;
      } | null;
      /** @default null */
      readonly bodySite?: {
        readonly system: string;
        readonly code: string;
        /** @default  */
        readonly display?: string;
      } | null;
      /** @default null */
      readonly onsetDate?: string | null;
      /** @default null */
      readonly abatementDate?: string | null;
      /** @default null */
      readonly note?: string | null;
    };
    readonly CreateConditionAnswer: components["schemas"]["Condition"];
    readonly GetConditionAnswer: components["schemas"]["Condition"];
    readonly ChangeConditionBody: {
      readonly [key: string]: unknown;
    };
    readonly ChangeConditionAnswer: components["schemas"]["Condition"];
    readonly SearchOrdersAnswer: {
      readonly records: readonly components["schemas"]["Order"][];
      readonly next: string | null;
    };
    readonly CreateOrderBody:
      | {
          /** Format: uuid */
          readonly patientId: string;
          /** @default null */
          readonly encounterId?: string | null;
          /**
           * @default active
           * @enum {string}
           */
          readonly status?: "draft" | "active" | "on-hold" | "completed" | "revoked" | "entered-in-error";
          /**
           * @default routine
           * @enum {string}
           */
          readonly priority?: "routine" | "urgent" | "asap" | "stat";
          /** @default [] */
          readonly reasons?: readonly {
            readonly system: string;
            readonly code: string;
            /** @default  */
            readonly display?: string;
          }[];
          /** @default null */
          readonly note?: string | null;
          /** @constant */
          readonly kind: "medication";
          readonly items: readonly {
            readonly drug: readonly {
              readonly system: string;
              readonly code: string;
              /** @default  */
              readonly display?: string;
            }[];
            readonly dose: {
              readonly value: number;
              readonly unit: string;
              readonly code: string;
            };
            readonly route: {
              readonly system: string;
              readonly code: string;
              /** @default  */
              readonly display?: string;
            };
            readonly frequency: {
              readonly times: number;
              readonly period: number;
              /** @enum {string} */
              readonly periodUnit: "h" | "d" | "wk" | "mo";
            };
            /** @default null */
            readonly duration?: {
              readonly value: number;
              /** @enum {string} */
              readonly unit: "d" | "wk" | "mo";
            } | null;
            /** @default false */
            readonly asNeeded?: boolean;
            /** @default null */
            readonly instructions?: string | null;
          }[];
        }
      | {
          /** Format: uuid */
          readonly patientId: string;
          /** @default null */
          readonly encounterId?: string | null;
          /**
           * @default active
           * @enum {string}
           */
          readonly status?: "draft" | "active" | "on-hold" | "completed" | "revoked" | "entered-in-error";
          /**
           * @default routine
           * @enum {string}
           */
          readonly priority?: "routine" | "urgent" | "asap" | "stat";
          /** @default [] */
          readonly reasons?: readonly {
            readonly system: string;
            readonly code: string;
            /** @default  */
            readonly display?: string;
          }[];
          /** @default null */
          readonly note?: string | null;
          /** @constant */
          readonly kind: "laboratory";
          readonly codes: readonly {
            readonly system: string;
            readonly code: string;
            /** @default  */
            readonly display?: string;
          }[];
          /** @default null */
          readonly specimen?: {
            readonly system: string;
            readonly code: string;
            /** @default  */
            readonly display?: string;
          } | null;
        }
      | {
          /** Format: uuid */
          readonly patientId: string;
          /** @default null */
          readonly encounterId?: string | null;
          /**
           * @default active
           * @enum {string}
           */
          readonly status?: "draft" | "active" | "on-hold" | "completed" | "revoked" | "entered-in-error";
          /**
           * @default routine
           * @enum {string}
           */
          readonly priority?: "routine" | "urgent" | "asap" | "stat";
          /** @default [] */
          readonly reasons?: readonly {
            readonly system: string;
            readonly code: string;
            /** @default  */
            readonly display?: string;
          }[];
          /** @default null */
          readonly note?: string | null;
          /** @constant */
          readonly kind: "radiology";
          readonly codes: readonly {
            readonly system: string;
            readonly code: string;
            /** @default  */
            readonly display?: string;
          }[];
          /** @default null */
          readonly bodySite?: {
            readonly system: string;
            readonly code: string;
            /** @default  */
            readonly display?: string;
          } | null;
          /** @default  */
          readonly accessionNumber?: string;
          /** @default null */
          readonly accessionIssuer?: string | null;
          readonly modality: string;
          /** @default null */
          readonly scheduledStart?: string | null;
          /** @default null */
          readonly stationAeTitle?: string | null;
        }
      | {
          /** Format: uuid */
          readonly patientId: string;
          /** @default null */
          readonly encounterId?: string | null;
          /**
           * @default active
           * @enum {string}
           */
          readonly status?: "draft" | "active" | "on-hold" | "completed" | "revoked" | "entered-in-error";
          /**
           * @default routine
           * @enum {string}
           */
          readonly priority?: "routine" | "urgent" | "asap" | "stat";
          /** @default [] */
          readonly reasons?: readonly {
            readonly system: string;
            readonly code: string;
            /** @default  */
            readonly display?: string;
          }[];
          /** @default null */
          readonly note?: string | null;
          /** @constant */
          readonly kind: "procedure";
          readonly codes: readonly {
            readonly system: string;
            readonly code: string;
            /** @default  */
            readonly display?: string;
          }[];
          /** @default null */
          readonly bodySite?: {
            readonly system: string;
            readonly code: string;
            /** @default  */
            readonly display?: string;
          } | null;
          /** @default null */
          readonly performedAt?: string | null;
          /** @default null */
          readonly outcome?: {
            readonly system: string;
            readonly code: string;
            /** @default  */
            readonly display?: string;
          } | null;
        };
    readonly CreateOrderAnswer: components["schemas"]["Order"];
    readonly GetOrderAnswer: components["schemas"]["Order"];
    readonly ChangeOrderBody: {
      readonly [key: string]: unknown;
    };
    readonly ChangeOrderAnswer: components["schemas"]["Order"];
    readonly SearchObservationsAnswer: {
      readonly records: readonly components["schemas"]["Observation"][];
      readonly next: string | null;
    };
    readonly CreateObservationBody: {
      /** Format: uuid */
      readonly patientId: string;
      /** @default null */
      readonly encounterId?: string | null;
      /**
       * @default final
       * @enum {string}
       */
      readonly status?:
        "registered" | "preliminary" | "final" | "amended" | "corrected" | "cancelled" | "entered-in-error";
      /** @enum {string} */
      readonly category: "vital-signs" | "laboratory";
      readonly codes: readonly {
        readonly system: string;
        readonly code: string;
        /** @default  */
        readonly display?: string;
      }[];
      /** @default null */
      readonly value?:
        | (
            | {
                /** @constant */
                readonly type: "quantity";
                readonly quantity: {
                  readonly value: number;
                  readonly unit: string;
                  readonly code: string;
                };
              }
            | {
                /** @constant */
                readonly type: "codes";
                readonly codes: readonly {
                  readonly system: string;
                  readonly code: string;
                  /** @default  */
                  readonly display?: string;
                }[];
              }
            | {
                /** @constant */
                readonly type: "text";
                readonly text: string;
              }
          )
        | null;
      /** @default [] */
      readonly components?: readonly {
        readonly codes: readonly {
          readonly system: string;
          readonly code: string;
          /** @default  */
          readonly display?: string;
        }[];
        readonly value:
          | {
              /** @constant */
              readonly type: "quantity";
              readonly quantity: {
                readonly value: number;
                readonly unit: string;
                readonly code: string;
              };
            }
          | {
              /** @constant */
              readonly type: "codes";
              readonly codes: readonly {
                readonly system: string;
                readonly code: string;
                /** @default  */
                readonly display?: string;
              }[];
            }
          | {
              /** @constant */
              readonly type: "text";
              readonly text: string;
            };
      }[];
      /** @default null */
      readonly interpretation?: {
        readonly system: string;
        readonly code: string;
        /** @default  */
        readonly display?: string;
      } | null;
      /** @default null */
      readonly referenceRange?: {
        /** @default null */
        readonly low?: {
          readonly value: number;
          readonly unit: string;
          readonly code: string;
        } | null;
        /** @default null */
        readonly high?: {
          readonly value: number;
          readonly unit: string;
          readonly code: string;
        } | null;
        /** @default null */
        readonly text?: string | null;
      } | null;
      /** Format: date-time */
      readonly effectiveAt: string;
      /** @default null */
      readonly orderId?: string | null;
      /** @default null */
      readonly note?: string | null;
    };
    readonly CreateObservationAnswer: components["schemas"]["Observation"];
    readonly GetObservationAnswer: components["schemas"]["Observation"];
    readonly ChangeObservationBody: {
      readonly [key: string]: unknown;
    };
    readonly ChangeObservationAnswer: components["schemas"]["Observation"];
    readonly SearchReportsAnswer: {
      readonly records: readonly components["schemas"]["Report"][];
      readonly next: string | null;
    };
    readonly CreateReportBody: {
      /** Format: uuid */
      readonly patientId: string;
      /** @default null */
      readonly encounterId?: string | null;
      /**
       * @default final
       * @enum {string}
       */
      readonly status?:
        | "registered"
        | "partial"
        | "preliminary"
        | "final"
        | "amended"
        | "corrected"
        | "appended"
        | "cancelled"
        | "entered-in-error";
      readonly category: {
        readonly system: string;
        readonly code: string;
        /** @default  */
        readonly display?: string;
      };
      readonly codes: readonly {
        readonly system: string;
        readonly code: string;
        /** @default  */
        readonly display?: string;
      }[];
      /** Format: date-time */
      readonly effectiveAt: string;
      /** @default null */
      readonly conclusion?: string | null;
      /** @default [] */
      readonly conclusionCodes?: readonly {
        readonly system: string;
        readonly code: string;
        /** @default  */
        readonly display?: string;
      }[];
      /** @default null */
      readonly orderId?: string | null;
      /** @default [] */
      readonly observationIds?: readonly string[];
      /** @default [] */
      readonly studyInstanceUids?: readonly string[];
    };
    readonly CreateReportAnswer: components["schemas"]["Report"];
    readonly GetReportAnswer: components["schemas"]["Report"];
    readonly ChangeReportBody: {
      readonly [key: string]: unknown;
    };
    readonly ChangeReportAnswer: components["schemas"]["Report"];
    readonly ListMergesAnswer: {
      readonly merges: readonly components["schemas"]["Merge"][];
    };
    readonly MergePatientsBody: {
      /** Format: uuid */
      readonly mergedId: string;
      /** Format: uuid */
      readonly survivorId: string;
      readonly reason: string;
    };
    readonly MergePatientsAnswer: components["schemas"]["Merge"];
    readonly UndoMergeBody: {
      readonly reason: string;
    };
    readonly UndoMergeAnswer: components["schemas"]["Merge"];
    readonly ListIdentityItemsAnswer: {
      readonly items: readonly components["schemas"]["IdentityItem"][];
      readonly next: string | null;
    };
    readonly ResolveIdentityBody:
      | {
          /** @constant */
          readonly action: "link";
          /** Format: uuid */
          readonly patientId: string;
          readonly comment: string;
        }
      | {
          /** @constant */
          readonly action: "reject";
          readonly comment: string;
        }
      | {
          /** @constant */
          readonly action: "correct";
          readonly comment: string;
        };
    readonly ResolveIdentityAnswer: components["schemas"]["IdentityItem"];
    readonly ExchangeShareLinkBody: {
      readonly token: string;
    };
    readonly ExchangeShareLinkAnswer: components["schemas"]["ShareSession"];
    readonly RenewShareSessionAnswer: components["schemas"]["ShareSession"];
    readonly CreateShareLinkBody: {
      readonly studyInstanceUids: readonly string[];
      /**
       * @default [
       *       "view"
       *     ]
       */
      readonly permissions?: readonly ("view" | "download" | "annotate" | "upload")[];
      /** Format: date-time */
      readonly expiresAt: string;
      /** @default null */
      readonly usesAllowed?: number | null;
      /** @default  */
      readonly note?: string;
      /** @default share */
      readonly type?: string;
    };
    readonly CreateShareLinkAnswer: {
      readonly id: number;
      /** @description Shown this once */
      readonly token: string;
      /** Format: date-time */
      readonly expiresAt: string;
      /** @description What to give away */
      readonly url: string;
    };
    readonly ListShareLinksAnswer: {
      readonly shareLinks: readonly components["schemas"]["ShareLink"][];
    };
    readonly BreakGlassBody: {
      readonly studyInstanceUid?: string;
      readonly patient?: {
        readonly patientId: string;
        /** @default  */
        readonly issuerOfPatientId?: string;
      };
      readonly reason: string;
      /** @default 3600 */
      readonly validForSeconds?: number;
    };
    readonly BreakGlassAnswer: {
      readonly id: number;
      /** Format: date-time */
      readonly expiresAt: string;
    };
    readonly ListBreakGlassAnswer: {
      readonly accesses: readonly components["schemas"]["BreakGlassAccess"][];
    };
    readonly AcknowledgeBreakGlassBody: {
      readonly comment: string;
    };
    readonly ListAccountsAnswer: {
      readonly accounts: readonly components["schemas"]["Account"][];
    };
    readonly CreateAccountBody: {
      readonly username: string;
      readonly displayName?: string;
      /** @enum {string} */
      readonly role:
        "admin" | "doctor" | "radiologist" | "technologist" | "nurse" | "lab" | "patient" | "external";
      readonly labels?: readonly (string | "*")[];
      readonly patient?: {
        readonly patientId: string;
        /** @default  */
        readonly issuerOfPatientId?: string;
      } | null;
      readonly password: string;
    };
    readonly CreateAccountAnswer: components["schemas"]["Account"];
    readonly GetAccountAnswer: components["schemas"]["Account"];
    readonly ChangeAccountBody: {
      readonly displayName?: string;
      /** @enum {string} */
      readonly role?:
        "admin" | "doctor" | "radiologist" | "technologist" | "nurse" | "lab" | "patient" | "external";
      readonly labels?: readonly (string | "*")[];
      readonly patient?: {
        readonly patientId: string;
        /** @default  */
        readonly issuerOfPatientId?: string;
      } | null;
      readonly disabled?: boolean;
    };
    readonly ChangeAccountAnswer: components["schemas"]["Account"];
    readonly SetPasswordBody: {
      readonly password: string;
    };
    readonly GetTokenAnswer: {
      readonly access_token: string;
      /** @constant */
      readonly token_type: "bearer";
      readonly expires_in: number;
      readonly scope: string;
    };
    readonly ListApiKeysAnswer: {
      readonly apiKeys: readonly components["schemas"]["ApiKey"][];
    };
    readonly CreateApiKeyBody: {
      readonly name: string;
      readonly permissions: readonly (
        | "view"
        | "download"
        | "delete"
        | "send"
        | "modify"
        | "anonymize"
        | "upload"
        | "q-r-remote-modalities"
        | "settings"
        | "api-view"
        | "edit-labels"
        | "admin-permissions"
        | "audit-logs"
        | "worklists"
        | "share"
        | "annotate"
        | "review"
        | "run-model"
        | "administer-work"
        | "administer-archive"
        | "break-glass"
        | "emr-view"
        | "emr-write"
        | "order"
        | "prescribe"
        | "record-results"
        | "resolve-identity"
      )[];
      readonly labels: readonly (string | "*")[];
      readonly validForDays: number;
    };
    readonly CreateApiKeyAnswer: {
      readonly id: number;
      /** @description Shown this once */
      readonly key: string;
      /** Format: date-time */
      readonly expiresAt: string;
    };
    readonly ListClientsAnswer: {
      readonly clients: readonly components["schemas"]["Client"][];
    };
    readonly RegisterClientBody: {
      readonly clientId: string;
      readonly name: string;
      readonly permissions: readonly (
        | "view"
        | "download"
        | "delete"
        | "send"
        | "modify"
        | "anonymize"
        | "upload"
        | "q-r-remote-modalities"
        | "settings"
        | "api-view"
        | "edit-labels"
        | "admin-permissions"
        | "audit-logs"
        | "worklists"
        | "share"
        | "annotate"
        | "review"
        | "run-model"
        | "administer-work"
        | "administer-archive"
        | "break-glass"
        | "emr-view"
        | "emr-write"
        | "order"
        | "prescribe"
        | "record-results"
        | "resolve-identity"
      )[];
      readonly labels: readonly (string | "*")[];
      readonly jwks?: {
        readonly keys: readonly ({
          /** @enum {string} */
          readonly kty: "RSA" | "EC";
          readonly kid: string;
        } & {
          readonly [key: string]: unknown;
        })[];
      };
      readonly jwksUri?: string;
    };
    readonly RegisterClientAnswer: {
      /** @constant */
      readonly registered: true;
    };
    readonly ListWebhooksAnswer: {
      readonly webhooks: readonly components["schemas"]["Webhook"][];
    };
    readonly CreateWebhookBody: {
      readonly url: string;
      /** @default  */
      readonly description?: string;
      readonly events: readonly string[];
      /** @default {} */
      readonly filter?: {
        /** @default [] */
        readonly modalities?: readonly string[];
        /** @default [] */
        readonly labels?: readonly string[];
      };
    };
    readonly CreateWebhookAnswer: {
      readonly url: string;
      readonly description: string;
      readonly events: readonly string[];
      readonly filter: {
        readonly modalities: readonly string[];
        readonly labels: readonly string[];
      };
      readonly id: number;
      readonly enabled: boolean;
      readonly disabledCode: ("by-person" | "gave-up" | "gone") | null;
      /** @description Deliveries that failed in a row */
      readonly failures: number;
      readonly failingSince: string | null;
      readonly succeededAt: string | null;
      readonly createdBy: string;
      /** Format: date-time */
      readonly createdAt: string;
      /** Format: date-time */
      readonly changedAt: string;
      /** @description `whsec_…`, shown this once */
      readonly secret: string;
    };
    readonly GetWebhookAnswer: components["schemas"]["Webhook"];
    readonly ChangeWebhookBody: {
      readonly url?: string;
      readonly description?: string;
      readonly events?: readonly string[];
      readonly filter?: {
        /** @default [] */
        readonly modalities?: readonly string[];
        /** @default [] */
        readonly labels?: readonly string[];
      };
      readonly enabled?: boolean;
    };
    readonly ChangeWebhookAnswer: components["schemas"]["Webhook"];
    readonly RotateWebhookSecretBody: {
      /** @default 24 */
      readonly overlapHours?: number;
    };
    readonly RotateWebhookSecretAnswer: {
      /** @description `whsec_…`, shown this once */
      readonly secret: string;
      /** Format: date-time */
      readonly formerUntil: string;
    };
    readonly PingWebhookAnswer: {
      /** @constant */
      readonly queued: 1;
    };
    readonly ListDeliveriesAnswer: {
      readonly deliveries: readonly components["schemas"]["WebhookDelivery"][];
      readonly next?: number;
    };
    readonly ReplayFailedDeliveriesAnswer: {
      readonly replayed: number;
    };
    readonly ReplayDeliveryAnswer: {
      readonly replayed: number;
    };
    readonly TellHookBody: {
      /** @enum {string} */
      readonly type:
        | "study.ready"
        | "model.run"
        | "order.created"
        | "order.changed"
        | "patient.merged"
        | "report.received";
      /** Format: date-time */
      readonly timestamp: string;
      readonly data: {
        readonly [key: string]: unknown;
      };
    };
    readonly TellHookAnswer: {
      /** @description The header `webhook-id` it came with */
      readonly webhookId: string;
      /** @enum {string} */
      readonly type:
        | "study.ready"
        | "model.run"
        | "order.created"
        | "order.changed"
        | "patient.merged"
        | "report.received";
      /** @enum {string} */
      readonly state: "pending" | "done" | "failed";
      readonly attempts: number;
      /** @description Why it failed, or what it waits for (docs/errors.md) */
      readonly code: string | null;
      readonly reason: string | null;
      /** @description What came of it, by the names it has in the rest of the API */
      readonly result: {
        readonly [key: string]: string | number | readonly number[];
      } | null;
      /** Format: date-time */
      readonly receivedAt: string;
      readonly nextAttemptAt: string | null;
      readonly endedAt: string | null;
      /** @description Whether it had come before */
      readonly duplicate: boolean;
    };
    readonly GetHookStatusAnswer: {
      /** @description The header `webhook-id` it came with */
      readonly webhookId: string;
      /** @enum {string} */
      readonly type:
        | "study.ready"
        | "model.run"
        | "order.created"
        | "order.changed"
        | "patient.merged"
        | "report.received";
      /** @enum {string} */
      readonly state: "pending" | "done" | "failed";
      readonly attempts: number;
      /** @description Why it failed, or what it waits for (docs/errors.md) */
      readonly code: string | null;
      readonly reason: string | null;
      /** @description What came of it, by the names it has in the rest of the API */
      readonly result: {
        readonly [key: string]: string | number | readonly number[];
      } | null;
      /** Format: date-time */
      readonly receivedAt: string;
      readonly nextAttemptAt: string | null;
      readonly endedAt: string | null;
    };
    readonly ListHookSourcesAnswer: {
      readonly sources: readonly components["schemas"]["HookSource"][];
    };
    readonly CreateHookSourceBody: {
      readonly name: string;
      /** @default  */
      readonly description?: string;
      readonly types: readonly (
        "study.ready" | "model.run" | "order.created" | "order.changed" | "patient.merged" | "report.received"
      )[];
      readonly permissions?: readonly (
        | "view"
        | "download"
        | "delete"
        | "send"
        | "modify"
        | "anonymize"
        | "upload"
        | "q-r-remote-modalities"
        | "settings"
        | "api-view"
        | "edit-labels"
        | "admin-permissions"
        | "audit-logs"
        | "worklists"
        | "share"
        | "annotate"
        | "review"
        | "run-model"
        | "administer-work"
        | "administer-archive"
        | "break-glass"
        | "emr-view"
        | "emr-write"
        | "order"
        | "prescribe"
        | "record-results"
        | "resolve-identity"
      )[];
      /**
       * @default [
       *       "*"
       *     ]
       */
      readonly labels?: readonly (string | "*")[];
      readonly issuer: string;
      /** @default [] */
      readonly apiKeys?: readonly number[];
    };
    readonly CreateHookSourceAnswer: {
      readonly name: string;
      readonly description: string;
      readonly types: readonly (
        "study.ready" | "model.run" | "order.created" | "order.changed" | "patient.merged" | "report.received"
      )[];
      readonly permissions: readonly (
        | "view"
        | "download"
        | "delete"
        | "send"
        | "modify"
        | "anonymize"
        | "upload"
        | "q-r-remote-modalities"
        | "settings"
        | "api-view"
        | "edit-labels"
        | "admin-permissions"
        | "audit-logs"
        | "worklists"
        | "share"
        | "annotate"
        | "review"
        | "run-model"
        | "administer-work"
        | "administer-archive"
        | "break-glass"
        | "emr-view"
        | "emr-write"
        | "order"
        | "prescribe"
        | "record-results"
        | "resolve-identity"
      )[];
      readonly labels: readonly (string | "*")[];
      readonly issuer: string;
      readonly apiKeys: readonly number[];
      readonly enabled: boolean;
      readonly createdBy: string;
      /** Format: date-time */
      readonly createdAt: string;
      /** Format: date-time */
      readonly changedAt: string;
      /** @description `whsec_…`, shown this once */
      readonly secret: string;
    };
    readonly GetHookSourceAnswer: components["schemas"]["HookSource"];
    readonly ChangeHookSourceBody: {
      readonly description?: string;
      readonly types?: readonly (
        "study.ready" | "model.run" | "order.created" | "order.changed" | "patient.merged" | "report.received"
      )[];
      readonly permissions?: readonly (
        | "view"
        | "download"
        | "delete"
        | "send"
        | "modify"
        | "anonymize"
        | "upload"
        | "q-r-remote-modalities"
        | "settings"
        | "api-view"
        | "edit-labels"
        | "admin-permissions"
        | "audit-logs"
        | "worklists"
        | "share"
        | "annotate"
        | "review"
        | "run-model"
        | "administer-work"
        | "administer-archive"
        | "break-glass"
        | "emr-view"
        | "emr-write"
        | "order"
        | "prescribe"
        | "record-results"
        | "resolve-identity"
      )[];
      readonly labels?: readonly (string | "*")[];
      readonly issuer?: string;
      readonly apiKeys?: readonly number[];
      readonly enabled?: boolean;
    };
    readonly ChangeHookSourceAnswer: components["schemas"]["HookSource"];
    readonly RotateHookSecretBody: {
      /** @default 24 */
      readonly overlapHours?: number;
    };
    readonly RotateHookSecretAnswer: {
      /** @description `whsec_…`, shown this once */
      readonly secret: string;
      /** Format: date-time */
      readonly formerUntil: string;
    };
    readonly ListHookMessagesAnswer: {
      readonly messages: readonly {
        readonly id: number;
        /** @description The header `webhook-id` it came with */
        readonly webhookId: string;
        /** @enum {string} */
        readonly type:
          | "study.ready"
          | "model.run"
          | "order.created"
          | "order.changed"
          | "patient.merged"
          | "report.received";
        /** @enum {string} */
        readonly state: "pending" | "done" | "failed";
        readonly attempts: number;
        /** @description Why it failed, or what it waits for (docs/errors.md) */
        readonly code: string | null;
        readonly reason: string | null;
        /** @description What came of it, by the names it has in the rest of the API */
        readonly result: {
          readonly [key: string]: string | number | readonly number[];
        } | null;
        /** Format: date-time */
        readonly receivedAt: string;
        readonly nextAttemptAt: string | null;
        readonly endedAt: string | null;
      }[];
      readonly next?: number;
    };
    readonly ReplayHookMessageAnswer: {
      /** @constant */
      readonly replayed: 1;
    };
    readonly GetOutboxAnswer: {
      readonly destinations: readonly components["schemas"]["Destination"][];
      readonly failed: readonly {
        /** @enum {string} */
        readonly destination: "fhir" | "openemr" | "webhook";
        /** @enum {string} */
        readonly kind:
          | "study"
          | "analysis"
          | "audit"
          | "patient"
          | "encounter"
          | "condition"
          | "order"
          | "observation"
          | "report"
          | "event";
        readonly code: string;
        readonly count: number;
      }[];
    };
    readonly ListMessagesAnswer: {
      readonly messages: readonly components["schemas"]["Message"][];
      readonly next?: number;
    };
    readonly OpenMessageAnswer: {
      readonly id: number;
      /** @enum {string} */
      readonly destination: "fhir" | "openemr" | "webhook";
      /** @enum {string} */
      readonly kind:
        | "study"
        | "analysis"
        | "audit"
        | "patient"
        | "encounter"
        | "condition"
        | "order"
        | "observation"
        | "report"
        | "event";
      readonly subject: string;
      /** @enum {string} */
      readonly state: "pending" | "delivered" | "failed" | "superseded" | "dropped";
      readonly attempts: number;
      readonly code: string | null;
      readonly reason: string | null;
      /** Format: date-time */
      readonly createdAt: string;
      readonly nextAttemptAt: string | null;
      readonly failedAt: string | null;
      readonly dropReason: string | null;
      readonly outcome: string | null;
    };
    readonly ReplayMessageAnswer: {
      readonly replayed: number;
    };
    readonly DropMessageBody: {
      readonly reason: string;
    };
    readonly DropMessageAnswer: {
      /** @constant */
      readonly dropped: 1;
    };
    readonly ReplayMessagesBody: {
      /** @enum {string} */
      readonly destination?: "fhir" | "openemr" | "webhook";
      /** @enum {string} */
      readonly kind?:
        | "study"
        | "analysis"
        | "audit"
        | "patient"
        | "encounter"
        | "condition"
        | "order"
        | "observation"
        | "report"
        | "event";
      readonly code?: string;
    };
    readonly ReplayMessagesAnswer: {
      readonly replayed: number;
    };
    readonly ListFailuresAnswer: {
      readonly failures: readonly components["schemas"]["Failure"][];
    };
    readonly RetryFailureAnswer: {
      /** @constant */
      readonly accepted: true;
    };
    readonly SearchAuditAnswer: {
      readonly entries: readonly components["schemas"]["AuditEntry"][];
      readonly next: number | null;
    };
    readonly VerifyAuditAnswer:
      | {
          /** @constant */
          readonly valid: true;
          readonly firstSequence: number;
          readonly lastSequence: number;
          readonly lastHash: string;
          readonly records: number;
          readonly waiting: number;
        }
      | {
          /** @constant */
          readonly valid: false;
          readonly firstBadSequence: number;
          /** @enum {string} */
          readonly problem: "changed" | "missing" | "start-missing" | "end-missing" | "anchor-differs";
        };
    readonly GetLivenessAnswer: {
      /** @constant */
      readonly status: "live";
    };
    readonly GetReadinessAnswer: components["schemas"]["Readiness"];
    readonly GetStatusAnswer: components["schemas"]["Status"];
    readonly ListQueuesAnswer: {
      readonly queues: readonly {
        readonly step: string;
        readonly waiting: number;
        readonly delayed: number;
        readonly running: number;
      }[];
    };
    readonly GetDescriptionAnswer: {
      readonly [key: string]: unknown;
    };
    readonly RenewLaunchAnswer: components["schemas"]["LaunchedAccess"];
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
