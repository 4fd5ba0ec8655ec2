import { NeuronovaStudyList } from "./study-list.component.js";

if (customElements.get("neuronova-study-list") === undefined)
  customElements.define("neuronova-study-list", NeuronovaStudyList);

declare global {
  interface HTMLElementTagNameMap {
    "neuronova-study-list": NeuronovaStudyList;
  }
}
