import type { LaunchMessageKey } from "./launch-english.js";

export const launchKorean: Readonly<Record<LaunchMessageKey, string>> = {
  launchFailedTitle: "EMR에서 영상을 열 수 없습니다",
  launchOverTitle: "세션이 종료되었습니다",
  launchCode: "코드",
  launchMalformed: "주소에 EMR이 추가하는 정보가 없습니다. 환자 차트에서 영상을 여십시오.",
  launchIssuerUnknown: "여기서 실행을 허용하는 EMR이 아닙니다. 관리자에게 EMR 주소를 알려 주십시오.",
  launchStateInvalid:
    "이 브라우저에서 시작한 실행이 아니거나 이미 끝난 실행입니다. 환자 차트에서 영상을 다시 여십시오.",
  launchExpired: "EMR 로그인에 시간이 너무 오래 걸렸습니다. 환자 차트에서 영상을 다시 여십시오.",
  launchUsed: "이미 사용된 실행입니다. 환자 차트에서 영상을 다시 여십시오.",
  launchDenied: "EMR에서 접근이 거부되었습니다.",
  launchRefused: "EMR이 실행을 거절했습니다. 관리자에게 알려 주십시오.",
  launchCodeRefused: "EMR이 이 실행을 더 이상 받지 않습니다. 환자 차트에서 영상을 다시 여십시오.",
  launchUserUnknown: "EMR이 사용자를 확인할 수 있게 알려 주지 않습니다. 관리자에게 알려 주십시오.",
  launchRoleUnknown: "EMR에서의 역할에는 여기 접근 권한이 없습니다. 관리자에게 알려 주십시오.",
  launchPatientMissing: "EMR이 누구의 차트가 열려 있는지 알려 주지 않습니다. 환자 차트에서 영상을 여십시오.",
  launchPatientUnknown:
    "EMR의 환자에게 영상과 맞는 식별자가 없거나 둘 이상 있습니다. 다른 환자의 영상이 보이지 않도록 아무것도 표시하지 않습니다.",
  launchServerUnavailable: "EMR이 응답하지 않습니다. 잠시 후 다시 시도하십시오.",
  launchOver: "EMR이 연 세션이 끝났습니다. 환자 차트에서 영상을 다시 여십시오.",
  launchFailedOtherwise: "문제가 발생했습니다. 다시 시도하고, 계속되면 관리자에게 알려 주십시오.",
};
