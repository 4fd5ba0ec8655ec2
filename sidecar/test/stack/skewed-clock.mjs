/**
 * Preloaded into the sidecar's processes: those with exactly the roles that NODE_SKEWED_ROLES names live so many
 * milliseconds ahead (behind, where negative). Timers, which are monotonic, are as they were.
 */
const skew = Number(process.env.NODE_SKEW_MILLISECONDS ?? 0);
if (process.env.NEURONOVA_ROLES === process.env.NODE_SKEWED_ROLES) {
  const Clock = Date;
  globalThis.Date = class Date extends Clock {
    constructor(...given) {
      super(...(given.length === 0 ? [Clock.now() + skew] : given));
    }
    static now() {
      return Clock.now() + skew;
    }
  };
}
