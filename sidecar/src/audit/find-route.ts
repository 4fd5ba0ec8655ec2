import type { AuditedRoute, RouteParams, UnauditedRoute } from "./audited-routes.js";

export type FoundRoute =
  { readonly route: AuditedRoute; readonly params: RouteParams } | { readonly route: UnauditedRoute };

interface Pattern {
  readonly method: string;
  readonly segments: readonly string[];
  readonly route: AuditedRoute | UnauditedRoute;
}

/** Finds the line of the table that a request belongs to; a finder is stricter than the router, never laxer. */
export function routeFinder(
  table: Readonly<Record<string, AuditedRoute | UnauditedRoute>>,
): (method: string, path: string) => FoundRoute | undefined {
  const patterns = Object.entries(table).map(([name, route]): Pattern => {
    const [method = "", path = ""] = name.split(" ");
    return { method, segments: path.split("/"), route };
  });
  return (method, path) => {
    const asked = method === "HEAD" ? "GET" : method;
    const segments = segmentsOf(path);
    for (const pattern of patterns) {
      if (pattern.method !== asked || segments?.length !== pattern.segments.length) continue;
      const params = match(pattern.segments, segments);
      if (params === undefined) continue;
      return "unaudited" in pattern.route ? { route: pattern.route } : { route: pattern.route, params };
    }
    return undefined;
  };
}

function segmentsOf(path: string): string[] | undefined {
  const trimmed = path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
  try {
    return trimmed.split("/").map((segment) => decodeURIComponent(segment));
  } catch {
    return undefined;
  }
}

function match(pattern: readonly string[], segments: readonly string[]): RouteParams | undefined {
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const segment = segments[index] ?? "";
    if (expected.startsWith(":")) {
      if (segment === "") return undefined;
      params[expected.slice(1)] = segment;
    } else if (expected !== segment) return undefined;
  }
  return params;
}
