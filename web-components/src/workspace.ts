/** The workspace page: study list at `/`, viewer at `/viewer/{studyInstanceUid}`. */
import "./components/workspace/workspace.js";
