/**
 * Gives the elements of a chart their tokens, and opens studies. A token is for the patient of the chart and lives for
 * five minutes; it is kept in this module's memory alone.
 */
const RENEW_AFTER = 0.8;
const STUDY = /^#study=([0-9.]{1,64})$/;

/** A token of OpenEMR's module, asked for once however many elements need it. */
function tokensOf(chart, tell) {
  const { pid, csrf, token } = chart.dataset;
  let kept;
  let asked;
  const ask = async () => {
    const response = await fetch(token, {
      method: "POST",
      body: new URLSearchParams({ csrf_token_form: csrf, pid }),
      credentials: "same-origin",
      redirect: "error",
    });
    const answer = await response.json().catch(() => ({}));
    if (!response.ok || typeof answer.access_token !== "string") {
      tell(answer.detail ?? `HTTP ${response.status}`);
      throw new Error(answer.detail ?? `HTTP ${response.status}`);
    }
    tell(undefined);
    kept = {
      token: answer.access_token,
      renewAt: performance.now() + answer.expires_in * 1_000 * RENEW_AFTER,
    };
    return kept.token;
  };
  return (reason) => {
    if (reason === "initial" && kept !== undefined && performance.now() < kept.renewAt)
      return Promise.resolve(kept.token);
    asked ??= ask().finally(() => (asked = undefined));
    return asked;
  };
}

function follow(chart) {
  const problem = chart.querySelector(".neuronova-problem");
  const place = chart.querySelector(".neuronova-viewer");
  const tokenProvider = tokensOf(chart, (text) => {
    problem.textContent = text ?? "";
    problem.hidden = text === undefined;
  });
  const open = (studyInstanceUid) => {
    if (place === null) {
      // A fragment reaches no server and no log.
      location.assign(`${chart.dataset.page}#study=${studyInstanceUid}`);
      return;
    }
    const viewer = document.createElement("neuronova-viewer");
    viewer.tokenProvider = tokenProvider;
    viewer.study = studyInstanceUid;
    place.replaceChildren(viewer);
    place.hidden = false;
    place.scrollIntoView({ block: "nearest" });
  };
  for (const list of chart.querySelectorAll("neuronova-study-list")) {
    list.tokenProvider = tokenProvider;
    for (const name of ["neuronova-study-open", "neuronova-study-select"])
      list.addEventListener(name, ({ detail }) => open(detail.studyInstanceUid));
  }
  const [, named] = STUDY.exec(location.hash) ?? [];
  if (named !== undefined && place !== null) open(named);
}

for (const chart of document.querySelectorAll(".neuronova-chart:not([data-followed])")) {
  chart.dataset.followed = "";
  follow(chart);
}
await import("./widgets/neuronova.js");
