import { format, resolveConfig } from "prettier";
import { join } from "node:path";
import { repositoryRoot } from "../local-stack/repository.mjs";
import { layerGraph } from "./layers.mjs";
import { moduleGraph, roomGraph } from "./modules.mjs";
import { ranks } from "./ranks.mjs";
import { calls, startOrder } from "./services.mjs";

/** @typedef {import("./modules.mjs").Graph} Graph */

export const PAGE = "docs/dependencies.md";

/** @param {Graph} graph */
function drawn(graph) {
  const edges = [...graph].flatMap(([node, needs]) =>
    [...needs].sort().map((need) => `  ${node} --> ${need}`),
  );
  return ["```mermaid", "flowchart LR", ...edges, "```"].join("\n");
}

/** @param {Graph} modules */
function roomTables(modules) {
  const rooms = roomGraph(modules);
  const short = (/** @type {string} */ room) => `\`${room.split(": ")[1] ?? room}\``;
  const workspaces = [...new Set([...rooms.keys()].map((room) => room.split(": ")[0] ?? ""))];
  return workspaces.map((workspace) => {
    const rows = [...rooms]
      .filter(([room]) => room.startsWith(`${workspace}: `))
      .sort(([a], [b]) => a.localeCompare(b, "en"))
      .map(
        ([room, needs]) =>
          `| ${short(room)} | ${[...needs].sort().map(short).join(", ") || "nothing of ours"} |`,
      );
    return [`### ${workspace}`, "", "| room | needs |", "| - | - |", ...rows].join("\n");
  });
}

/**
 * docs/dependencies.md as it should be.
 * @returns {Promise<string>}
 * @throws {Error} naming a circle of modules, of layers, or of services that wait for each other
 */
export async function page() {
  const modules = await moduleGraph();
  const [layers, order] = [layerGraph(modules), startOrder()];
  for (const graph of [modules, layers, order]) ranks(graph);
  const text = [
    "# Dependencies",
    "Drawn from the code and `compose.yaml` by `npm run dependencies`. `dependencies.test.mjs` fails when this page is another, and for a circle of modules, of layers, or of services that wait for each other; `npm run boundaries` for what [architecture.md](architecture.md) does not allow.",
    "## Services",
    "Who waits for whom at the start (`depends_on` of `compose.yaml`):",
    drawn(order),
    "Who is given whose address, and so calls it. nginx, the only door, calls the api and Orthanc. One pair calls each other: Orthanc tells the api what arrived and asks it what somebody may do, and the sidecar reads and stores in Orthanc. Neither start waits for the other: without the api Orthanc refuses every request and stores what modalities send, which is found afterwards ([orthanc-authorization.md](orthanc-authorization.md)); without Orthanc the api answers what it knows and works on the rest later.",
    drawn(calls()),
    "## Imports",
    "Modules import each other without a circle, types too; tests are left out. The layers of the sidecar:",
    drawn(layers),
    "`programs` are `main.ts` and `cli.ts`; `wiring` gives rooms their adapters (`program.ts`, `app.ts`, `connections.ts`, `roles/`, `command-line/`, …); `adapters` speak with MySQL, Redis, Orthanc; `features` are all other rooms; `dicom` knows nothing of ours.",
    "Rooms may need each other, by different modules (`openapi/` lists the operations of every room, and each describes its own with it).",
    ...roomTables(modules),
    "## Changes",
    "| version | change |\n| - | - |\n| 0.1.0 | first |",
  ].join("\n\n");
  const options = await resolveConfig(join(repositoryRoot, PAGE));
  return format(text, { ...options, parser: "markdown" });
}
