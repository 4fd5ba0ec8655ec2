import { AUDITED_ROUTES } from "../audit/audited-routes.js";

const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
const PROXIED = ["/dicom-web", "/orthanc"];

/** The beginnings of all routes, without anything that a client chooses. */
const AREAS: ReadonlySet<string> = new Set(
  Object.keys(AUDITED_ROUTES).map((route) => areaOf(route.slice(route.indexOf(" ") + 1), 3)),
);

/**
 * What the span of a request is called: the method and where it goes, `GET /api/studies`, never whose study.
 * @returns undefined for those of other programs: health, metrics, Orthanc's questions and notifications
 */
export function requestName(method: string | undefined, url = ""): string | undefined {
  const [path = ""] = url.split("?", 1);
  const verb = METHODS.has(method ?? "") ? (method ?? "") : "OTHER";
  const area = areaOf(path, 3);
  if (AREAS.has(area)) return `${verb} ${area}`;
  const beginning = areaOf(path, 2);
  return PROXIED.includes(beginning) ? `${verb} ${beginning}` : undefined;
}

function areaOf(path: string, segments: number): string {
  return path.split("/", segments).join("/");
}
