/** A DICOM DA (`YYYYMMDD`, PS3.5 6.2) as a FHIR date; undefined when it is not a date of the calendar. */
export function fhirDate(dicomDate: string): string | undefined {
  const match = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(dicomDate.trim());
  if (match === null) return undefined;
  const iso = `${match[1] ?? ""}-${match[2] ?? ""}-${match[3] ?? ""}`;
  const date = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso) ? iso : undefined;
}
