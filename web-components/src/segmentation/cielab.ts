/**
 * Recommended Display CIELab Value (0062,000D) as sRGB (PS3.3 C.10.7.1.1: L* 0–100, a* and b* −128–127, each scaled to
 * 16 bits; white point D50).
 */
export function srgbFromCielab(value: readonly number[]): [number, number, number] {
  const [scaledL = 0, scaledA = 0, scaledB = 0] = value;
  const lightness = (scaledL / 65_535) * 100;
  const fy = (lightness + 16) / 116;
  const fx = fy + ((scaledA / 65_535) * 255 - 128) / 500;
  const fz = fy - ((scaledB / 65_535) * 255 - 128) / 200;
  const inverse = (f: number) => (f ** 3 > 216 / 24389 ? f ** 3 : (116 * f - 16) / (24389 / 27));
  const [x, y, z] = [0.96422 * inverse(fx), inverse(fy), 0.82521 * inverse(fz)];
  // XYZ (D50) to sRGB, Bradford-adapted (ICC.1:2010 annex E)
  return [
    channel(3.1338561 * x - 1.6168667 * y - 0.4906146 * z),
    channel(-0.9787684 * x + 1.9161415 * y + 0.033454 * z),
    channel(0.0719453 * x - 0.2289914 * y + 1.4052427 * z),
  ];
}

function channel(linear: number): number {
  const clipped = Math.min(1, Math.max(0, linear));
  const encoded = clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055;
  return Math.round(encoded * 255);
}
