import { z } from "zod";
import { demand } from "../../authorization/authenticate.js";
import { changeRecord } from "../../emr/change-record.js";
import { dicomLine, id } from "../../emr/content/text.js";
import { emrReachOf } from "../../emr/emr-reach.js";
import type { EmrStore } from "../../emr/emr-store.js";
import type { OrderRow } from "../../emr/records.js";
import { ApiError } from "../../error-response.js";
import { hookTypeOf, RECORDS_LANE, type HookWork } from "../hook-type.js";
import { identityOf } from "./patient-reference.js";

const data = z
  .strictObject({
    orderId: id.optional(),
    accessionNumber: dicomLine(16).optional(),
    accessionIssuer: dicomLine(64).nullable().default(null),
    version: z.number().int().min(1).optional(),
    change: z.record(z.string(), z.unknown()),
  })
  .refine(({ orderId, accessionNumber }) => (orderId === undefined) !== (accessionNumber === undefined), {
    error: "either orderId or accessionNumber",
  });
type Data = z.output<typeof data>;
const TRIES = 5;

/** What `PATCH /api/emr/orders/{id}` does; without a version, to the order as it is when this is its turn. */
export const changeOrder = hookTypeOf({
  needs: ["emr-view", "order"],
  action: "emr-change",
  summary: "An order was changed",
  data,
  lane: () => RECORDS_LANE,
  async perform(asked, work, { emr }) {
    const { principal, idempotency } = work;
    demand(principal, "emr-view");
    for (let attempt = 1; ; attempt += 1) {
      const order = await findOrder(asked, work, emr);
      const [patient] = await emr.patients([order.patientId]);
      const target = `order:${order.id}`;
      await work.record({ target, ...(patient === undefined ? {} : { patient: identityOf(patient) }) });
      const { version = order.version, change } = asked;
      try {
        const changed = await changeRecord(principal, "order", order.id, version, change, emr, idempotency);
        return { target, answer: { orderId: changed.id, version: changed.version } };
      } catch (error) {
        const isConflict = error instanceof ApiError && error.code === "version-conflict";
        // Somebody was faster between reading and changing; who named no version meant the newest.
        if (!isConflict || asked.version !== undefined || attempt === TRIES) throw error;
      }
    }
  },
});

/** @throws ApiError 422 `reference-invalid`, also for an order out of the source's reach */
async function findOrder(
  { orderId, accessionNumber, accessionIssuer }: Data,
  { principal }: HookWork,
  emr: EmrStore,
): Promise<OrderRow> {
  const reach = emrReachOf(principal);
  const found =
    orderId === undefined
      ? (await emr.search("order", { limit: 50, after: null, accessionNumber }, reach)).records
      : [await emr.find("order", orderId, reach)];
  const [order, ...others] = found.filter(
    (one) =>
      one !== null &&
      (orderId !== undefined || (one.kind === "radiology" && one.accessionIssuer === accessionIssuer)),
  );
  if (order == null || others.length > 0)
    throw new ApiError(
      422,
      "reference-invalid",
      `${orderId === undefined ? "accessionNumber" : "orderId"}: there is no such order.`,
    );
  return order;
}
