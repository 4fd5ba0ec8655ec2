/* global document */
/** The page's whole part in it: it gives tokens of its own session, and opens what is chosen. */
async function tokenProvider(reason) {
  const response = await fetch("/token", { method: "POST", body: reason });
  if (!response.ok) throw new Error(`the EMR gave no token: ${response.status}`);
  return response.text();
}

document.addEventListener("neuronova-token-request", (event) => {
  event.preventDefault();
  event.detail.provide(tokenProvider);
});

document.addEventListener("neuronova-study-open", (event) => {
  document.querySelector("neuronova-viewer").study = event.detail.studyInstanceUid;
});
