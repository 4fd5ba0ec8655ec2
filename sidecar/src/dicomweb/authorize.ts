import { demand } from "../authorization/authenticate.js";
import type { Permission } from "../authorization/permissions.js";
import type { Principal } from "../authorization/principal.js";
import { demandUnrestricted, type StudyAccess } from "../authorization/study-access.js";
import type { DicomWebRoute } from "./route.js";

/**
 * Whether the request may go on.
 * @returns the break-glass access that opens the way, where one does
 * @throws ApiError 401, 403
 */
export async function authorize(
  principal: Principal,
  route: DicomWebRoute,
  access: StudyAccess,
): Promise<number | null> {
  const permission = permissionFor(route);
  const { studyInstanceUid } = route;
  if (studyInstanceUid !== undefined) {
    const known = access.peek(principal, permission, studyInstanceUid);
    const decision =
      known?.granted === true ? known : await access.demand(principal, permission, studyInstanceUid);
    return decision.granted ? decision.breakGlassId : null;
  }
  demand(principal, permission);
  // A search is answered within their reach, an upload decided by each instance; nothing else is without naming a study.
  if (!isSearch(route) && route.transaction !== "storeInstances") demandUnrestricted(principal);
  return null;
}

export function isSearch({ transaction }: DicomWebRoute): boolean {
  return (
    transaction === "searchStudies" || transaction === "searchSeries" || transaction === "searchInstances"
  );
}

/** Single instances are retrieved by viewers (SEG, SR, PDF); whole studies and series are downloads. */
export function permissionFor({ transaction, sopInstanceUid }: DicomWebRoute): Permission {
  if (transaction === "storeInstances") return "upload";
  return transaction === "retrieve" && sopInstanceUid === undefined ? "download" : "view";
}
