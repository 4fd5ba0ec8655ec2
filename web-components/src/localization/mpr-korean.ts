import type { MprMessageKey } from "./mpr-english.js";

export const mprKorean: Readonly<Record<MprMessageKey, string>> = {
  mprTitle: "재구성 단면 (MPR)",
  mprLoading: "볼륨을 불러오는 중: 영상 {all}장 중 {done}장",
  mprFailed: "볼륨을 표시할 수 없습니다",
  mprReformatted: "시리즈에서 선형 보간으로 계산한 단면이며, 촬영된 영상이 아닙니다.",
  mprSegments: "분할 영역은 보간 없이 가장 가까운 복셀의 값으로 표시됩니다.",
  mprMeasuring:
    "길이, 각도, 면적은 뷰어의 도구로 측정하며 그 단면에 속합니다. 화소값은 촬영된 영상에서 측정하십시오.",
  mprHelp: "클릭 또는 끌기: 단면이 만나는 지점 · 휠 또는 화살표 키: 다음 단면 · 오른쪽 단추: 윈도우",
  mprTooFew: "재구성 단면을 만들기에 영상이 너무 적습니다.",
  mprColour: "컬러 영상은 볼륨이 아닙니다.",
  mprNoPlace: "영상에 환자 안의 위치 정보가 없습니다.",
  mprSeveralPatients: "영상마다 환자가 다릅니다.",
  mprSeveralFrames: "영상들의 기준 좌표계가 서로 다릅니다.",
  mprSizes: "영상의 크기나 화소 간격이 서로 다릅니다.",
  mprNotParallel: "영상들이 평행하지 않습니다.",
  mprIrregular: "영상 사이의 간격이 일정하지 않습니다.",
  mprTooLarge: "이 브라우저에서 다루기에 볼륨이 너무 큽니다.",
};
