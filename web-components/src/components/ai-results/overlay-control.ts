/** How segments lie over the images. */
export interface OverlayLook {
  /** Segment Numbers that are not drawn. */
  readonly hidden: ReadonlySet<number>;
  /** 0 to 1. */
  readonly opacity: number;
  /** Whether only the borders of segments are drawn. */
  readonly outline: boolean;
}

/** What a viewer around the results lets them do with its images; without one there are no buttons for that. */
export interface OverlayControl extends OverlayLook {
  /** The analysis whose segments are over the image in use. */
  readonly drawn: number | undefined;
  /** Whether a person is correcting a segmentation: who corrects has not decided yet. */
  readonly correcting: boolean;
  /** What a reader was told about a result, as that their correction came second; by analysis. */
  readonly problems: ReadonlyMap<number, string>;
}
