import { buildHapi } from "../hapi/build-hapi.mjs";
import { buildWorkspaces } from "./build.mjs";
import { STACK_PACKAGES, TEST_PACKAGES, installPackages } from "./debian-packages.mjs";
import { installHighdicom } from "./highdicom.mjs";
import { installNodeModules, requireNode } from "./node-modules.mjs";
import { installOhif } from "./ohif.mjs";

/**
 * Brings a fresh machine to where the stack can start: Debian packages, Node packages, builds. What is there already
 * is left alone, so the second time takes a moment.
 *
 * @param {{ forTests?: boolean }} [options]
 */
export function setUp({ forTests = false } = {}) {
  requireNode();
  installPackages(forTests ? [...STACK_PACKAGES, ...TEST_PACKAGES] : STACK_PACKAGES);
  installNodeModules();
  buildWorkspaces();
  const reason = installOhif();
  // Everything else works without it.
  if (reason !== undefined) console.warn(`OHIF is not there, /ohif/ answers 404: ${reason}`);
  if (!forTests) return;
  buildHapi();
  const missing = installHighdicom();
  if (missing !== undefined) console.warn(`The tests that read results with highdicom will fail: ${missing}`);
}
