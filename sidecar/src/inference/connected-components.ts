/**
 * Removes small islands from a label map, in place. Voxels of one label that touch by a face (6-connectivity) make an
 * island; those with fewer voxels than `minimumVoxels(label)` become 0.
 * @param slices one rows × columns plane of labels per slice, neighbours next to each other
 */
export function dropSpecks(
  slices: readonly Uint8Array[],
  columns: number,
  minimumVoxels: (label: number) => number,
): void {
  const area = slices[0]?.length ?? 0;
  const visited = slices.map((slice) => new Uint8Array(slice.length));
  const island: number[] = [];
  const visit = (z: number, at: number, label: number): void => {
    if (slices[z]?.[at] !== label || visited[z]?.[at] !== 0) return;
    visited[z][at] = 1;
    island.push(z * area + at);
  };
  for (const [z, slice] of slices.entries()) {
    for (let at = 0; at < area; at++) {
      const label = slice[at] ?? 0;
      if (label === 0 || visited[z]?.[at] !== 0) continue;
      island.length = 0;
      visit(z, at, label);
      for (let next = 0; next < island.length; next++) {
        const voxel = island[next] ?? 0;
        const plane = Math.floor(voxel / area);
        const pixel = voxel - plane * area;
        const column = pixel % columns;
        if (column > 0) visit(plane, pixel - 1, label);
        if (column < columns - 1) visit(plane, pixel + 1, label);
        if (pixel >= columns) visit(plane, pixel - columns, label);
        if (pixel < area - columns) visit(plane, pixel + columns, label);
        visit(plane - 1, pixel, label);
        visit(plane + 1, pixel, label);
      }
      if (island.length >= minimumVoxels(label)) continue;
      for (const voxel of island) {
        const plane = slices[Math.floor(voxel / area)];
        if (plane !== undefined) plane[voxel % area] = 0;
      }
    }
  }
}
