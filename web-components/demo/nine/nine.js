/* global document */
/** Nine viewers of whatever the page's own server names, with one token for all of them. */
async function tokenProvider(reason) {
  const response = await fetch("/token", { method: "POST", body: reason });
  if (!response.ok) throw new Error(`the page's server gave no token: ${response.status}`);
  return response.text();
}

document.addEventListener("neuronova-token-request", (event) => {
  event.preventDefault();
  event.detail.provide(tokenProvider);
});

const views = await (await fetch("/views")).json();
for (const { study, series } of views) {
  const viewer = document.createElement("neuronova-viewer");
  viewer.setAttribute("compact", "");
  viewer.setAttribute("study", study);
  viewer.setAttribute("series", series);
  document.querySelector("main").append(viewer);
}
