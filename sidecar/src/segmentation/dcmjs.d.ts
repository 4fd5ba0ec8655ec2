/** The part of dcmjs 0.51 used here; the package has no types of its own. */
declare module "dcmjs" {
  interface Element {
    vr: string;
    Value: readonly unknown[];
  }
  interface DicomDict {
    dict: Record<string, Element>;
    write(options?: { allowInvalidVRLength?: boolean }): ArrayBuffer;
  }
  const dcmjs: {
    readonly data: {
      readonly DicomMessage: { readonly readFile: (bytes: ArrayBuffer) => DicomDict };
      readonly DicomDict: new (meta: Record<string, Element>) => DicomDict;
      readonly Colors: {
        /** sRGB, 0 to 1, to the integers of Recommended Display CIELab Value, not rounded. */
        readonly rgb2DICOMLAB: (rgb: readonly number[]) => number[];
      };
      readonly DicomMetaDictionary: {
        /** By "(GGGG,EEEE)". */
        readonly dictionary: Readonly<Record<string, { readonly vr: string } | undefined>>;
        readonly nameMap: Readonly<Record<string, { readonly tag: string; readonly vr: string } | undefined>>;
      };
    };
  };
  export default dcmjs;
}
