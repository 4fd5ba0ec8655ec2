// @ts-expect-error -- plain JavaScript with JSDoc types, checked by `tsc -p scripts`
import { chooseFreePort } from "../../../scripts/local-stack/ports.mjs";

/** A loopback port that nothing listens on, and none of those. */
export const freePort = chooseFreePort as (taken?: ReadonlySet<number>) => Promise<number>;
