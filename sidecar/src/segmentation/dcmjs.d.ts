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
      readonly DicomDict: new (meta: Record<string, Element>) => DicomDict;
      readonly DicomMetaDictionary: {
        readonly nameMap: Readonly<Record<string, { readonly tag: string; readonly vr: string } | undefined>>;
      };
    };
  };
  export default dcmjs;
}
