import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { message, type Language } from "../../localization/messages.js";
import type { TokenProvider } from "../../session/token-provider.js";
import type { DrawnAnnotation } from "./annotation-layer.js";
import { annotationList } from "./annotation-list.js";
import type { Correction } from "./correction.js";
import type { Findings } from "./findings.js";
import type { KeyImages } from "./key-images.js";
import type { Layout } from "./layout.js";
import { noVolumeIn, reformattedPlanes } from "./reformatted.js";
import { seriesPanel } from "./series-panel.js";
import { shortcutsDialog } from "./shortcuts-dialog.js";
import type { StudyInView } from "./study-in-view.js";
import { toolbar } from "./toolbar.js";
import { unsavedDialog } from "./unsaved-dialog.js";
import type { ViewerActions } from "./viewer-actions.js";
import type { ViewerTools } from "./viewer-tools.js";
import type { Place, ViewportGrid } from "./viewport-grid.js";
import { viewportView } from "./viewport-view.js";

/** What a viewer is made of. */
export interface ViewerParts {
  readonly study: StudyInView;
  readonly grid: ViewportGrid;
  readonly tools: ViewerTools;
  readonly actions: ViewerActions;
  readonly correction: Correction;
  readonly findings: Findings;
  readonly keyImages: KeyImages;
}

export interface ViewerViewState {
  readonly language: Language;
  readonly parts: ViewerParts;
  readonly layout: Layout["name"];
  /** Without tools and panels. */
  readonly compact: boolean;
  readonly runModel: boolean;
  readonly tokenProvider: TokenProvider | undefined;
  /** Nobody on the page gives access. */
  readonly noToken: boolean;
  readonly onLayout: (name: Layout["name"]) => void;
  readonly onHelp: () => void;
}

/** A viewer: the series, the tools, the images or reformatted planes, what was found, and the dialogs. */
export function viewerView(state: ViewerViewState): TemplateResult {
  const { language, parts, layout, compact, tokenProvider } = state;
  const { grid, tools, findings, keyImages, study, correction } = parts;
  // Measured before the list of measurements is made.
  const drawn = grid.places.map(({ viewport }) => tools.drawnOn(viewport));
  const isReformatted = layout === "mpr";
  return html`
    <div class="layout ${compact ? "compact" : ""}" lang=${language}>
      ${compact ? nothing : seriesAside(state)}
      <div class="centre">
        ${compact ? nothing : toolsOf(state)}
        ${isReformatted ? reformattedPlanes(language, grid.active, findings.look, tokenProvider, tools) : nothing}
        <div class="grid" data-layout=${layout} ?hidden=${isReformatted}>
          ${repeat(
            grid.places,
            ({ viewport }) => viewport,
            (place, index) => placeView(state, place, index, drawn[index] ?? []),
          )}
        </div>
      </div>
      ${compact ? nothing : findingsAside(state)} ${shortcutsDialog(language)} ${keyImages.dialog(language)}
      ${unsavedDialog(language, {
        onStay: () => study.stay(),
        onDiscard: () => {
          correction.end();
          study.openWaiting();
        },
      })}
    </div>
  `;
}

function seriesAside({ language, parts, tokenProvider }: ViewerViewState): TemplateResult {
  const { study, grid } = parts;
  return html`<aside aria-label=${message(language, "series")}>
    ${seriesPanel(language, study.details, grid.active.series, tokenProvider, (uid) => {
      if (uid !== grid.active.series) void study.choose(uid);
    })}
  </aside>`;
}

function toolsOf({ language, parts, layout, onLayout, onHelp }: ViewerViewState): TemplateResult {
  const { grid, actions, keyImages } = parts;
  return toolbar({
    language,
    actions,
    layout,
    noVolume: noVolumeIn(grid.active.images),
    onLayout,
    onExport: () => void actions.export(language),
    onPrint: () => actions.print(language),
    onKeyImage: keyImages.mayAdd ? () => keyImages.ask() : undefined,
    onHelp,
  });
}

function findingsAside({ language, parts, runModel, layout, onLayout }: ViewerViewState): TemplateResult {
  const { study, grid, tools, findings, keyImages } = parts;
  const { active } = grid;
  return html`<aside aria-label=${message(language, "findings")}>
    ${annotationList(language, tools, active, {
      onImage: (index) => {
        if (layout === "mpr") onLayout("1x1");
        void grid.scrollTo(active, index);
      },
      onPlane: (plane) => {
        if (layout !== "mpr") onLayout("mpr");
        void findings.showPlane(plane);
      },
    })}
    ${
      study.details === undefined
        ? nothing
        : html`${keyImages.panel(language)} ${findings.render(study.details, runModel)}`
    }
  </aside>`;
}

function placeView(
  { language, parts, noToken, onHelp }: ViewerViewState,
  { viewport, input }: Place,
  index: number,
  drawn: readonly DrawnAnnotation[],
): TemplateResult {
  const { grid, study, actions, correction, keyImages } = parts;
  return viewportView({
    language,
    viewport,
    input,
    place: index + 1,
    places: grid.places.length,
    active: viewport === grid.active,
    noToken,
    details: study.details,
    drawn,
    brush: correction.layer(viewport, language),
    keyImage: keyImages.textOn(viewport, language),
    onKey: (event) => {
      if (actions.press(event, { help: onHelp, keyImage: () => keyImages.ask() })) event.preventDefault();
    },
    onActivate: () => study.activate(viewport),
    onDrop: (series) => {
      study.activate(viewport);
      void study.choose(series);
    },
    onShow: (to) => void grid.scrollTo(viewport, to),
  });
}
