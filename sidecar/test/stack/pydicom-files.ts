import { readFile } from "node:fs/promises";
import { python } from "./pydicom.js";

/** A real file of those that come with Debian's pydicom. */
export async function pydicomFile(name: string): Promise<Buffer> {
  const path = await python(
    "import sys, pathlib, pydicom; print(pathlib.Path(pydicom.__file__).parent / 'data/test_files' / sys.argv[1])",
    "",
    name,
  );
  return readFile(path.trim());
}

const INSTANCE = `
import sys, io, json, pydicom
ds = pydicom.dcmread(io.BytesIO(sys.stdin.buffer.read()), force=True, stop_before_pixels=True)
print(json.dumps([ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.SOPInstanceUID]))
`;

/** The DICOMweb path of a file, as an independent reader finds its UIDs. */
export async function pathOf(file: Uint8Array): Promise<string> {
  const [study = "", series = "", instance = ""] = JSON.parse(await python(INSTANCE, file)) as string[];
  return `/dicom-web/studies/${study}/series/${series}/instances/${instance}`;
}
