/** @typedef {import("./modules.mjs").Graph} Graph */

/**
 * How far each node is from what needs nothing: 0 for that, else one more than the farthest that it needs.
 * @param {Graph} graph
 * @returns {Map<string, number>}
 * @throws {Error} naming a circle, when there is one
 */
export function ranks(graph) {
  /** @type {Map<string, number>} */
  const known = new Map();
  /** @param {string} node @param {string[]} path @returns {number} */
  const rankOf = (node, path) => {
    const rank = known.get(node);
    if (rank !== undefined) return rank;
    if (path.includes(node))
      throw new Error(`a circle: ${[...path.slice(path.indexOf(node)), node].join(" → ")}`);
    const below = [...(graph.get(node) ?? [])].map((need) => rankOf(need, [...path, node]));
    const own = below.length === 0 ? 0 : Math.max(...below) + 1;
    known.set(node, own);
    return own;
  };
  for (const node of graph.keys()) rankOf(node, []);
  return known;
}
