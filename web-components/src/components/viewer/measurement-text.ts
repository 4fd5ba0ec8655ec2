import type { Measurement } from "../../imaging/measure.js";
import { message, type Language } from "../../localization/messages.js";

/** A measurement in words, one line each. */
export function measurementLines(measurement: Measurement, language: Language): readonly string[] {
  switch (measurement.kind) {
    case "length":
      return [
        `${measurement.value.toFixed(1)} ${measurement.unit}${detector(measurement.atDetector, language)}`,
      ];
    case "angle":
      return [`${measurement.degrees.toFixed(1)}°`];
    case "probe": {
      const { column, row, value, valueUnit } = measurement;
      return [value === undefined ? `(${column}, ${row})` : `${number(value)} ${valueUnit}`.trim()];
    }
    case "region": {
      const { area, unit, atDetector, statistics, valueUnit } = measurement;
      const first = `${area.toFixed(1)} ${unit}${detector(atDetector, language)}`;
      if (statistics === undefined) return [first];
      const { mean, standardDeviation, minimum, maximum } = statistics;
      return [
        first,
        `${message(language, "mean")} ${number(mean)} ± ${number(standardDeviation)} ${valueUnit}`.trim(),
        `${number(minimum)} – ${number(maximum)} ${valueUnit}`.trim(),
      ];
    }
  }
}

/** Sizes at the detector are not the patient's, and say so. */
function detector(atDetector: boolean, language: Language): string {
  return atDetector ? ` (${message(language, "atDetector")})` : "";
}

function number(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}
