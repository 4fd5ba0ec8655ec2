/** What is answered with a code. The same table is in docs/errors.md, with links; a test compares them. */
interface Problems {
  readonly status: number;
  readonly codes: readonly string[];
  /** For people; empty where the code says it all. */
  readonly meaning: string;
}

/** Every code that a client is answered (RFC 9457), and nothing else is. Codes are stable. */
export const PROBLEMS = [
  {
    status: 400,
    codes: ["page-gone"],
    meaning: "the study that a page of the study list is after is gone: begin with the first page",
  },
  {
    status: 400,
    codes: ["webhook-address-refused"],
    meaning: "the address of a webhook is not public, and in no network of `NEURONOVA_WEBHOOK_NETWORKS`",
  },
  { status: 400, codes: ["request-malformed"], meaning: "" },
  {
    status: 400,
    codes: ["smart-state-invalid", "smart-launch-expired", "smart-launch-used"],
    meaning:
      "the launch was begun in another browser or is over; took more than ten minutes; was used before",
  },
  {
    status: 401,
    codes: ["token-missing", "token-invalid", "token-expired"],
    meaning: "no usable access token",
  },
  {
    status: 401,
    codes: ["invalid-credentials"],
    meaning: "user name or password wrong, or the account is locked",
  },
  { status: 401, codes: ["no-session"], meaning: "no refresh token, or one that was used before" },
  {
    status: 401,
    codes: ["share-link-expired", "share-link-invalid"],
    meaning: "the link is over or used up; was revoked or never was",
  },
  {
    status: 401,
    codes: ["hook-signature-invalid", "hook-timestamp-outside"],
    meaning:
      "of a hook: neither signed by a secret of its source nor with an API key that may speak for it; `webhook-timestamp` is more than 5 minutes off",
  },
  { status: 401, codes: ["launch-over"], meaning: "the session that an EMR launched has ended" },
  { status: 401, codes: ["credentials-missing"], meaning: "Orthanc's own credentials are needed" },
  { status: 403, codes: ["forbidden"], meaning: "the role may not do this" },
  {
    status: 403,
    codes: ["study-forbidden"],
    meaning: "there is no such study, or it is out of reach: not told which",
  },
  {
    status: 403,
    codes: ["search-too-broad"],
    meaning: "more than 200 studies within reach may match the search",
  },
  {
    status: 403,
    codes: ["smart-issuer-unknown"],
    meaning: "launches of this EMR are not taken (smart-launch.md)",
  },
  {
    status: 403,
    codes: ["smart-denied", "smart-refused", "smart-code-refused"],
    meaning:
      "access was denied at the EMR; the EMR refused the launch; the EMR does not take its code any more",
  },
  {
    status: 403,
    codes: ["smart-user-unknown", "smart-role-unknown"],
    meaning:
      "the ID token does not say in a way that can be verified who launches; that person has no role here",
  },
  {
    status: 403,
    codes: ["smart-patient-missing", "smart-patient-unknown"],
    meaning:
      "the EMR does not say whose chart is open; its patient has no identifier that images go by, or two",
  },
  {
    status: 403,
    codes: ["cross-site", "caller-unknown"],
    meaning: "a cookie from another page; Orthanc does not say who asks",
  },
  {
    status: 403,
    codes: ["hook-source-off", "hook-type-not-allowed"],
    meaning: "the source of a hook is switched off; it may not send this type (`types` has those it may)",
  },
  { status: 403, codes: ["reviewer-not-a-person"], meaning: "results are reviewed by people" },
  { status: 403, codes: ["selector-not-a-person"], meaning: "key images are chosen by people" },
  {
    status: 404,
    codes: ["no-such-resource", "study-not-found", "no-such-frame", "no-such-failure", "no-such-message"],
    meaning: "",
  },
  {
    status: 404,
    codes: [
      "no-such-account",
      "no-such-api-key",
      "no-such-client",
      "no-such-webhook",
      "no-such-delivery",
      "no-such-hook-source",
      "no-such-hook-message",
      "no-such-share-link",
      "no-such-break-glass",
    ],
    meaning: "also when it is not yours to see",
  },
  {
    status: 404,
    codes: ["no-such-record", "no-such-merge", "no-such-identity-item"],
    meaning: "of the EMR; also when it is out of reach (emr.md)",
  },
  {
    status: 404,
    codes: [
      "no-such-model",
      "no-such-job",
      "series-not-found",
      "instance-not-found",
      "no-such-inference",
      "no-such-object",
    ],
    meaning: "of models' work; also when it is out of reach",
  },
  { status: 404, codes: ["no-such-key-images"], meaning: "or not one's own (key-images.md)" },
  { status: 404, codes: ["no-such-result"], meaning: "also when its study is out of reach (review.md)" },
  { status: 405, codes: ["method-not-allowed"], meaning: "" },
  {
    status: 406,
    codes: ["not-acceptable"],
    meaning: "no acceptable form of it is to be had (conformance); a search or an upload in another format",
  },
  {
    status: 408,
    codes: ["upload-too-slow"],
    meaning: "nothing of an upload was stored before its client became too slow",
  },
  { status: 409, codes: ["study-ambiguous"], meaning: "studies of two patients share a Study Instance UID" },
  {
    status: 409,
    codes: [
      "username-taken",
      "client-taken",
      "hook-source-taken",
      "own-account",
      "own-break-glass",
      "already-in-reach",
    ],
    meaning: "",
  },
  {
    status: 409,
    codes: ["version-conflict"],
    meaning: "the record was changed meanwhile; `current` and `yours` are both versions",
  },
  {
    status: 409,
    codes: ["identifier-taken", "accession-number-taken"],
    meaning: "another patient's, another order's; `patientId` names the former to those who may see it",
  },
  {
    status: 409,
    codes: ["patient-merged", "patient-withdrawn", "patient-has-records", "record-withdrawn"],
    meaning:
      "the record stands for another (`mergedInto`), not at all, or cannot be withdrawn while it has records",
  },
  {
    status: 409,
    codes: ["order-step-unknown", "order-closed"],
    meaning: "the table of orders has no such step; the order is over",
  },
  {
    status: 409,
    codes: ["merge-undone", "merge-not-last", "identity-item-resolved"],
    meaning: "done before; a later merge has to be undone first",
  },
  {
    status: 409,
    codes: ["series-receiving", "series-ambiguous", "job-over", "job-not-over"],
    meaning:
      "images are still arriving; patients share the UID; the job cannot be canceled, or retried, any more or yet",
  },
  { status: 409, codes: ["roles-are-code"], meaning: "roles are part of the program" },
  {
    status: 409,
    codes: ["already-reviewed", "result-superseded", "model-missing", "not-a-segmentation"],
    meaning:
      "somebody has decided (`review` says who, what, when); there is another result (`reportSopInstanceUid`); a correction has no model to be measured by",
  },
  { status: 413, codes: ["body-too-large"], meaning: "" },
  {
    status: 415,
    codes: ["media-type-unsupported"],
    meaning:
      'STOW-RS takes `multipart/related; type="application/dicom"` (stow-rs.md); of other bodies the charset or the encoding is not taken',
  },
  {
    status: 422,
    codes: ["reference-invalid", "member-fixed", "not-a-candidate"],
    meaning:
      "what it refers to is not this patient's; what never changes; the item is not about this patient",
  },
  {
    status: 422,
    codes: ["image-not-selectable"],
    meaning: "what is to be a key image is not in the study, has no such frame, or is no image",
  },
  {
    status: 422,
    codes: ["idempotency-key-reused", "webhook-id-reused"],
    meaning: "the key, or the `webhook-id`, was used with another body",
  },
  {
    status: 422,
    codes: ["hook-type-unknown"],
    meaning: "there is no such hook; `types` has those there are",
  },
  {
    status: 422,
    codes: ["model-not-applicable", "inference-failed"],
    meaning: "with the reasons; `reason` has the code",
  },
  {
    status: 422,
    codes: [
      "segmentation-unreadable",
      "segmentation-of-another",
      "segmentation-geometry",
      "segmentation-segments",
    ],
    meaning: "why a corrected segmentation is not taken",
  },
  { status: 428, codes: ["precondition-required"], meaning: "a change needs `If-Match`" },
  {
    status: 429,
    codes: ["too-many-requests"],
    meaning: "a user's requests, or uploads, within a minute; `Retry-After` says when",
  },
  { status: 429, codes: ["too-many-logins"], meaning: "" },
  { status: 500, codes: ["internal-error"], meaning: "the log has the details" },
  {
    status: 503,
    codes: ["too-many-uploads"],
    meaning: "all places for uploads, or all of a user's, are taken",
  },
  {
    status: 503,
    codes: ["smart-server-unavailable"],
    meaning: "the EMR does not answer, or not in a way that can be read",
  },
  {
    status: 503,
    codes: ["identity-provider-unavailable", "not-configured"],
    meaning: "an external provider's keys cannot be fetched; a setting is missing",
  },
  { status: 503, codes: ["accession-numbers-exhausted"], meaning: "no free accession number was found" },
  { status: 503, codes: ["state-unavailable"], meaning: "the database does not answer" },
  { status: 503, codes: ["queue-unavailable"], meaning: "Redis does not answer" },
  { status: 503, codes: ["inference-busy"], meaning: "too many questions to models wait" },
  {
    status: 503,
    codes: ["rendition-gone"],
    meaning: "an HTJ2K rendition was removed while it was being read; ask again",
  },
  { status: 503, codes: ["audit-unavailable"], meaning: "accesses cannot be recorded" },
] as const satisfies readonly Problems[];

export type ProblemCode = (typeof PROBLEMS)[number]["codes"][number];

const STATUS = new Map<string, number>(
  PROBLEMS.flatMap(({ status, codes }) => codes.map((code) => [code, status])),
);

/** HTTP status of a code. */
export function statusOf(code: ProblemCode): number {
  return STATUS.get(code) ?? 500;
}
