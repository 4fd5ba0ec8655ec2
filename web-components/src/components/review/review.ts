import { NeuronovaReview } from "./review.component.js";

if (customElements.get("neuronova-review") === undefined)
  customElements.define("neuronova-review", NeuronovaReview);

declare global {
  interface HTMLElementTagNameMap {
    "neuronova-review": NeuronovaReview;
  }
}
