"""Makes one study of real files of many transfer syntaxes, and compares files that came back with them.

make DIRECTORY: writes the files, prints a JSON list of {name, study, series, instance, syntax}.
compare ORIGINAL RECEIVED: prints a JSON object {syntax, different, trailing}: the tags of the data set whose values are not
the same bytes (or, where the original is of another encoding, not the same values), pixels aside.

The files come with Debian's python3-pydicom (MIT licence) and are not kept in this repository.
"""

import json
import os
import sys

import pydicom
from pydicom.uid import ExplicitVRBigEndian, ImplicitVRLittleEndian, generate_uid

SOURCE = os.path.join(os.path.dirname(pydicom.data.__file__), "test_files")
NAMES = [
    "CT_small.dcm",
    "MR_small_implicit.dcm",
    "MR_small_bigendian.dcm",
    "MR_small_RLE.dcm",
    "MR_small_jp2klossless.dcm",
    "MR_small_jpeg_ls_lossless.dcm",
    "image_dfl.dcm",
    "SC_rgb_small_odd.dcm",
    "SC_rgb_rle_2frame.dcm",
    "JPEG2000.dcm",
    "test-SR.dcm",
]
KOREAN = b"Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf"
NESTED = pydicom.Dataset()
NESTED.is_undefined_length_sequence_item = True
NESTED.add_new(0x00080100, "SH", "ALPHA")


def make(directory):
    study = generate_uid()
    made = []
    for index, name in enumerate(NAMES):
        dataset = pydicom.dcmread(os.path.join(SOURCE, name))
        dataset.StudyInstanceUID, dataset.SeriesInstanceUID = study, generate_uid()
        dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        dataset.PatientID, dataset.IssuerOfPatientID = "MIXED-1", ""
        dataset.InstanceNumber = index + 1
        if name.startswith(("CT", "MR")):
            dataset.SpecificCharacterSet = ["", "ISO 2022 IR 149"]
            dataset["PatientName"] = pydicom.DataElement(0x00100010, "PN", KOREAN)
            dataset.add_new(0x00090010, "LO", "NEURONOVA TEST")
            dataset.add_new(0x00091001, "UN", b"\x00\x01odd value")
            inner = pydicom.Dataset()
            inner.is_undefined_length_sequence_item = True
            inner.ConceptCodeSequence = pydicom.Sequence([NESTED])
            inner["ConceptCodeSequence"].is_undefined_length = True
            dataset.RequestAttributesSequence = pydicom.Sequence([inner, NESTED])
            dataset["RequestAttributesSequence"].is_undefined_length = True
        if name == "CT_small.dcm":
            dataset.add_new(0xFFFCFFFC, "OB", b"\x00" * 126)
        dataset.save_as(os.path.join(directory, name), write_like_original=True)
        made.append(
            {
                "name": name,
                "study": study,
                "series": dataset.SeriesInstanceUID,
                "instance": dataset.SOPInstanceUID,
                "syntax": dataset.file_meta.TransferSyntaxUID,
            }
        )
    json.dump(made, sys.stdout)


PIXELS = {0x7FE00010, 0x7FE00001, 0x7FE00002}


def values(path):
    dataset = pydicom.dcmread(path, defer_size=None)
    raw = {}
    for tag in dataset.keys():
        if tag in PIXELS or tag.element == 0:
            continue
        element = dataset.get_item(tag)
        raw[int(tag)] = element.value if isinstance(element.value, bytes) else None
    return dataset, raw


def compare(original, received):
    (before, raw_before), (after, raw_after) = values(original), values(received)
    rewritten = before.file_meta.TransferSyntaxUID in (ImplicitVRLittleEndian, ExplicitVRBigEndian)
    different = []
    for tag in sorted(set(raw_before) | set(raw_after)):
        one, other = raw_before.get(tag), raw_after.get(tag)
        same = tag in raw_before and tag in raw_after
        if same and (rewritten or one is None or other is None):
            # The encoding is another, or it is a sequence: what it says must be the same.
            same = before[tag].value == after[tag].value
        elif same:
            same = one == other
        if not same:
            different.append("%08X" % tag)
    syntax = after.file_meta.TransferSyntaxUID
    told = {"syntax": syntax, "different": different}
    told["photometric"] = str(after.get("PhotometricInterpretation", ""))
    told["planar"] = after.get("PlanarConfiguration", None)
    json.dump(told, sys.stdout)


if sys.argv[1] == "make":
    make(sys.argv[2])
else:
    compare(sys.argv[2], sys.argv[3])
