// OHIF below /ohif/, on this installation's DICOMweb. The login is the workspace's: its session goes on by a cookie that
// no script can read, and the token stays in memory.
window.PUBLIC_URL = "/ohif/";
window.browserImportFunction = (address) => import(address);

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
