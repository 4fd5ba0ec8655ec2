import dcmjs from "dcmjs";

const { dictionary } = dcmjs.data.DicomMetaDictionary;

/**
 * The VR of an attribute that is written without one (PS3.6; PS3.5 6.2.2 and A.1 where several are possible).
 * @param signed whether Pixel Representation says that pixels are
 * @returns UN for what is not known: private attributes, and any that came after the dictionary
 */
export function valueRepresentation(tag: number, signed: boolean): string {
  const [group, element] = [tag >>> 16, tag & 0xffff];
  if (element === 0) return "UL";
  if (group % 2 === 1) return element >= 0x10 && element <= 0xff ? "LO" : "UN";
  // Overlays and curves are in any of sixteen groups (PS3.5 7.6); the dictionary has the first.
  const first = (group & 0xff00) === 0x6000 || (group & 0xff00) === 0x5000 ? group & 0xff00 : group;
  const vr = dictionary[`(${hexadecimal(first)},${hexadecimal(element)})`]?.vr;
  if (vr === "xs") return signed ? "SS" : "US";
  if (vr === "ox" || vr === "lt") return "OW";
  return vr !== undefined && /^[A-Z]{2}$/.test(vr) ? vr : "UN";
}

function hexadecimal(number: number): string {
  return number.toString(16).toUpperCase().padStart(4, "0");
}
