/** Texts of a launch that failed, which come with its page. */
export const launchEnglish = {
  launchFailedTitle: "The images cannot be opened from the EMR",
  launchOverTitle: "This session is over",
  launchCode: "Code",
  launchMalformed: "The address lacks what the EMR adds to it. Open the images from the patient's chart.",
  launchIssuerUnknown:
    "This EMR is not one that launches are taken from here. Tell your administrator its address.",
  launchStateInvalid:
    "This browser did not begin the launch, or it was finished before. Open the images from the patient's chart again.",
  launchExpired: "The login at the EMR took too long. Open the images from the patient's chart again.",
  launchUsed: "This launch was used before. Open the images from the patient's chart again.",
  launchDenied: "Access was denied at the EMR.",
  launchRefused: "The EMR refused the launch. Tell your administrator.",
  launchCodeRefused:
    "The EMR does not take the launch any more. Open the images from the patient's chart again.",
  launchUserUnknown:
    "The EMR does not say in a way that can be verified who you are. Tell your administrator.",
  launchRoleUnknown: "Your role at the EMR has no access here. Tell your administrator.",
  launchPatientMissing: "The EMR does not say whose chart is open. Open the images from the patient's chart.",
  launchPatientUnknown:
    "The EMR's patient has no identifier that images go by, or more than one. Nothing is shown, so that no other patient's images are.",
  launchServerUnavailable: "The EMR does not answer. Try again in a moment.",
  launchOver: "The session that the EMR opened has ended. Open the images from the patient's chart again.",
  launchFailedOtherwise: "Something failed. Try again; tell your administrator if it stays so.",
};

export type LaunchMessageKey = keyof typeof launchEnglish;
