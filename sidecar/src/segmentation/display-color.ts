/**
 * An sRGB colour as Recommended Display CIELab Value (0062,000D): L*, a*, b* of CIELAB for D50, scaled to 16 bits
 * (PS3.3 C.10.7.1.1).
 * @param color red, green, blue, 0 to 255
 */
export function cielabFromSrgb(color: readonly [number, number, number]): [number, number, number] {
  const [red, green, blue] = color.map((channel) => {
    const value = channel / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  // sRGB to XYZ, adapted to D50 by Bradford (ICC.1:2010 annex E)
  const x = 0.4360747 * red + 0.3850649 * green + 0.1430804 * blue;
  const y = 0.2225045 * red + 0.7168786 * green + 0.0606169 * blue;
  const z = 0.0139322 * red + 0.0971045 * green + 0.7141733 * blue;
  const f = (ratio: number) => (ratio > 216 / 24389 ? Math.cbrt(ratio) : ((24389 / 27) * ratio + 16) / 116);
  const [fx, fy, fz] = [f(x / 0.96422), f(y), f(z / 0.82521)];
  const scaleA = (value: number) => Math.round(Math.min(65_535, Math.max(0, ((value + 128) / 255) * 65_535)));
  const lightness = Math.round(Math.min(65_535, Math.max(0, ((116 * fy - 16) / 100) * 65_535)));
  return [lightness, scaleA(500 * (fx - fy)), scaleA(200 * (fy - fz))];
}
