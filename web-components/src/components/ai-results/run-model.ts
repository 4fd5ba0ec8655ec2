import { html, nothing, type TemplateResult } from "lit";
import { message, type Language, type MessageKey } from "../../localization/messages.js";
import type { RunnableModel, StudyDetails } from "../../studies/study.js";

/** A model with the series that it has not looked at yet. */
export type OpenModel = RunnableModel;

export interface WantedRun {
  readonly model: OpenModel;
  /** All open series when not set. */
  readonly seriesInstanceUid?: string;
}

/** What may still be asked for. What came to nothing is done again at its own place. */
export function openModels({ runnableModels = [], results }: StudyDetails): OpenModel[] {
  return runnableModels.flatMap((model) => {
    const seriesInstanceUids = model.seriesInstanceUids.filter(
      (series) =>
        !results.some(
          ({ model: { name, version }, sourceSeriesInstanceUid }) =>
            name === model.name && version === model.version && sourceSeriesInstanceUid === series,
        ),
    );
    return seriesInstanceUids.length === 0 ? [] : [{ ...model, seriesInstanceUids }];
  });
}

export interface RunModelState {
  readonly language: Language;
  readonly study: StudyDetails;
  readonly models: readonly OpenModel[];
  /** Place of the model in the list. */
  readonly chosen: number;
  readonly busy: boolean;
  readonly onChoose: (index: number) => void;
  readonly onRun: (wanted: WantedRun) => void;
}

/** To have a model look at the study: which, and at which of the series it is for. */
export function runModel(state: RunModelState): TemplateResult | typeof nothing {
  const { language, study, models, busy } = state;
  const model = models[state.chosen] ?? models[0];
  if (model === undefined) return nothing;
  const text = (key: MessageKey) => message(language, key);
  return html`
    <form
      class="card run"
      part="run"
      @submit=${(event: SubmitEvent) => {
        event.preventDefault();
        const series = new FormData(event.target as HTMLFormElement).get("series");
        state.onRun({
          model,
          ...(typeof series === "string" && series !== "" ? { seriesInstanceUid: series } : {}),
        });
      }}
    >
      <fieldset ?disabled=${busy}>
        <legend>${text("runModel")}</legend>
        <label>
          ${text("model")}
          <select
            name="model"
            .value=${String(models.indexOf(model))}
            @change=${(event: Event) => state.onChoose(Number((event.target as HTMLSelectElement).value))}
          >
            ${models.map(
              ({ title, version }, index) =>
                html`<option value=${index} ?selected=${models.indexOf(model) === index}>
                  ${title} ${version}
                </option>`,
            )}
          </select>
        </label>
        ${
          model.seriesInstanceUids.length > 1
            ? html`<label>
                ${text("series")}
                <select name="series">
                  <option value="">${text("runAllSeries")}</option>
                  ${model.seriesInstanceUids.map(
                    (uid) => html`<option value=${uid}>${seriesName(study, uid)}</option>`,
                  )}
                </select>
              </label>`
            : html`<input type="hidden" name="series" value=${model.seriesInstanceUids[0] ?? ""} />
                <p class="sub">${seriesName(study, model.seriesInstanceUids[0] ?? "")}</p>`
        }
        <button class="start" type="submit">${text("runStart")}</button>
        <p class="sub">${message(language, "demonstration")}</p>
      </fieldset>
    </form>
  `;
}

function seriesName({ series }: StudyDetails, uid: string): string {
  const found = series.find(({ seriesInstanceUid }) => seriesInstanceUid === uid);
  return found === undefined
    ? uid
    : `${found.modality} ${found.seriesNumber ?? ""} ${found.seriesDescription}`.trim();
}
