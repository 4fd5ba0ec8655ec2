// OHIF below /ohif/, on this installation's DICOMweb. The login is the workspace's: its session goes on by a cookie that
// no script can read, and the token stays in memory.
window.PUBLIC_URL = "/ohif/";
window.browserImportFunction = (address) => import(address);

/**
 * OHIF takes every measurement of a TID 1500 report for one with coordinates, and fails at those without (3.13.2): a
 * volume of a segment, a score. Reports that have none at all are shown as text, for which it wants a name on each
 * content item, also on the images of an image library, which have none (PS3.16 TID 1601).
 */
function showAsText({ displaySetsAdded }) {
  for (const displaySet of displaySetsAdded) {
    const { isImagingMeasurementReport, instances } = displaySet;
    if (isImagingMeasurementReport !== true) continue;
    if (instances.some(({ ContentSequence }) => hasCoordinates(ContentSequence))) continue;
    displaySet.isImagingMeasurementReport = false;
    for (const { ContentSequence } of instances) nameAll(ContentSequence);
  }
}

function hasCoordinates(items = []) {
  return items.some(
    ({ ValueType, ContentSequence }) => /^SCOORD/.test(ValueType) || hasCoordinates(ContentSequence),
  );
}

function nameAll(items = []) {
  for (const item of items) {
    const { ValueType: CodeMeaning } = item;
    // As OHIF has sequences: a list, and what its first item says.
    item.ConceptNameCodeSequence ??= Object.assign([{ CodeMeaning }], { CodeMeaning });
    nameAll(item.ContentSequence);
  }
}

window.config = async ({ servicesManager }) => {
  const { openSession } = await import("/widgets/ohif-session.js");
  const session = await openSession();
  const dicomWeb = `${window.location.origin}/dicom-web`;
  return {
    name: "neuronova",
    routerBasename: "/ohif/",
    extensions: [
      {
        id: "neuronova.session",
        preRegistration() {
          servicesManager.services.userAuthenticationService.setServiceImplementation({
            getAuthorizationHeader: session.authorization,
          });
        },
        onModeEnter() {
          const { displaySetService } = servicesManager.services;
          displaySetService.subscribe(displaySetService.EVENTS.DISPLAY_SETS_ADDED, showAsText);
        },
      },
    ],
    modes: [],
    customizationService: {},
    showStudyList: true,
    maxNumberOfWebWorkers: 3,
    showWarningMessageForCrossOrigin: false,
    showCPUFallbackMessage: true,
    showLoadingIndicator: true,
    strictZSpacingForVolumeViewport: true,
    groupEnabledModesFirst: true,
    maxNumRequests: { interaction: 100, thumbnail: 5, prefetch: 25 },
    showErrorDetails: "dev",
    httpErrorHandler: session.onHttpError,
    defaultDataSourceName: "neuronova",
    dataSources: [
      {
        namespace: "@ohif/extension-default.dataSourcesModule.dicomweb",
        sourceName: "neuronova",
        configuration: {
          friendlyName: "NeuroNova",
          name: "neuronova",
          qidoRoot: dicomWeb,
          wadoRoot: dicomWeb,
          wadoUriRoot: dicomWeb,
          qidoSupportsIncludeField: true,
          supportsReject: false,
          imageRendering: "wadors",
          thumbnailRendering: "thumbnail",
          thumbnailRequestStrategy: "fetch",
          enableStudyLazyLoad: true,
          supportsFuzzyMatching: false,
          supportsWildcard: true,
          dicomUploadEnabled: false,
          omitQuotationForMultipartRequest: true,
          bulkDataURI: { enabled: true },
        },
      },
    ],
  };
};
