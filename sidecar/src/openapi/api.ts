import { ACCOUNT_OPERATIONS } from "../accounts/operations.js";
import { JOB_OPERATIONS } from "../ai-jobs/operations.js";
import { AUDIT_OPERATIONS } from "../audit/operations.js";
import { AUTHORIZATION_OPERATIONS } from "../authorization/operations.js";
import { BREAK_GLASS_OPERATIONS } from "../break-glass/operations.js";
import { CREDENTIAL_OPERATIONS } from "../credentials/operations.js";
import { DICOMWEB_OPERATIONS } from "../dicomweb/operations.js";
import { INFERENCE_OPERATIONS } from "../direct-inference/operations.js";
import { IDENTITY_OPERATIONS } from "../emr/identity-operations.js";
import { RECORD_OPERATIONS } from "../emr/operations.js";
import { EVENT_OPERATIONS } from "../events/operations.js";
import { HOOK_OPERATIONS } from "../hooks/operations.js";
import { FAILURE_OPERATIONS } from "../failures/operations.js";
import { HEALTH_OPERATIONS } from "../health/operations.js";
import { KEY_IMAGE_OPERATIONS } from "../key-object-selection/operations.js";
import { MODEL_OPERATIONS } from "../models/operations.js";
import { MODEL_STATISTICS_OPERATIONS } from "../models/statistics-operations.js";
import { EXPLORER_SESSION_OPERATIONS } from "../orthanc-explorer/operations.js";
import { OUTBOX_OPERATIONS } from "../outbox/operations.js";
import { REVIEW_OPERATIONS } from "../review/operations.js";
import { SHARE_LINK_OPERATIONS } from "../share-links/operations.js";
import { LAUNCH_OPERATIONS } from "../smart-launch/operations.js";
import { STUDY_OPERATIONS } from "../studies/operations.js";
import { WEBHOOK_OPERATIONS } from "../webhooks/operations.js";
import type { Operations } from "./operation.js";
import { DESCRIPTION_OPERATIONS } from "./operations.js";

/** Every route that there is from outside, but for Orthanc's own interface. */
export const API: Operations = {
  ...AUTHORIZATION_OPERATIONS,
  ...EXPLORER_SESSION_OPERATIONS,
  ...STUDY_OPERATIONS,
  ...KEY_IMAGE_OPERATIONS,
  ...JOB_OPERATIONS,
  ...INFERENCE_OPERATIONS,
  ...REVIEW_OPERATIONS,
  ...MODEL_OPERATIONS,
  ...MODEL_STATISTICS_OPERATIONS,
  ...RECORD_OPERATIONS,
  ...IDENTITY_OPERATIONS,
  ...SHARE_LINK_OPERATIONS,
  ...BREAK_GLASS_OPERATIONS,
  ...ACCOUNT_OPERATIONS,
  ...CREDENTIAL_OPERATIONS,
  ...WEBHOOK_OPERATIONS,
  ...HOOK_OPERATIONS,
  ...OUTBOX_OPERATIONS,
  ...FAILURE_OPERATIONS,
  ...AUDIT_OPERATIONS,
  ...HEALTH_OPERATIONS,
  ...EVENT_OPERATIONS,
  ...DESCRIPTION_OPERATIONS,
  ...LAUNCH_OPERATIONS,
  ...DICOMWEB_OPERATIONS,
};
