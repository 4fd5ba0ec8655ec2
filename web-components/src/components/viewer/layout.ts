/** How many viewports lie across and down. */
export interface Layout {
  readonly name: "1x1" | "1x2" | "2x2" | "mpr";
  readonly viewports: number;
}

export const LAYOUTS: readonly Layout[] = [
  { name: "1x1", viewports: 1 },
  { name: "1x2", viewports: 2 },
  { name: "2x2", viewports: 4 },
  // Reformatted planes of the series in use.
  { name: "mpr", viewports: 1 },
];

/** The layout of that name; a single viewport for any other. */
export function layoutOf(name: string | undefined): Layout {
  return LAYOUTS.find((layout) => layout.name === name) ?? { name: "1x1", viewports: 1 };
}
