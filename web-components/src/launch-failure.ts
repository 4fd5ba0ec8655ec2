/** The page a launch from an EMR ends on when it fails: the sidecar writes it, with the code. */
import "./components/launch-failure/launch-failure.js";
