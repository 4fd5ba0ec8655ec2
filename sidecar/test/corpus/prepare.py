"""Prepares pydicom's own test files for the arrival test.

Each file gets a study, series and instance of its own (many share one SOP Instance UID) and is written to a
directory; printed is a JSON list of {name, file, study, series, instance, frames}: the SHA-256 of each frame's
little-endian samples, colour by pixel, from decoders that share nothing with the ones under test (pydicom and numpy,
dcmtk's dcmdjpeg and dcmdjpls, OpenJPEG's opj_decompress), or null where none of them decodes it.

The files come with Debian's python3-pydicom (MIT licence) and are not kept in this repository.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile

import numpy
import pydicom
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import generate_pixel_data_frame
from pydicom.uid import generate_uid

SOURCE = os.path.join(os.path.dirname(pydicom.data.__file__), "test_files")
JPEG = {"1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70"}
JPEG_LS = {"1.2.840.10008.1.2.4.80"}
JPEG_2000_LOSSLESS = {"1.2.840.10008.1.2.4.90"}


def sha256(array):
    order = array.dtype.newbyteorder("<")
    return hashlib.sha256(numpy.ascontiguousarray(array.astype(order)).tobytes()).hexdigest()


def frames_of(dataset):
    pixels = dataset.pixel_array
    count = int(getattr(dataset, "NumberOfFrames", 1) or 1)
    return [sha256(frame) for frame in (pixels if count > 1 else [pixels])]


def through(tool, path):
    with tempfile.TemporaryDirectory() as directory:
        output = os.path.join(directory, "native.dcm")
        subprocess.run([tool, path, output], check=True, capture_output=True)
        return frames_of(pydicom.dcmread(output))


def through_openjpeg(dataset):
    count = int(getattr(dataset, "NumberOfFrames", 1) or 1)
    hashes = []
    for codestream in generate_pixel_data_frame(dataset.PixelData, count):
        with tempfile.TemporaryDirectory() as directory:
            source, output = os.path.join(directory, "f.j2k"), os.path.join(directory, "f.rawl")
            with open(source, "wb") as file:
                file.write(codestream)
            subprocess.run(["opj_decompress", "-quiet", "-i", source, "-o", output], check=True, capture_output=True)
            raw = numpy.fromfile(output, dtype="u1" if dataset.BitsAllocated == 8 else "<u2")
            planes = raw.reshape(dataset.SamplesPerPixel, dataset.Rows, dataset.Columns)
            hashes.append(sha256(numpy.moveaxis(planes, 0, -1)))
    return hashes


def expected_frames(dataset, path):
    syntax = str(dataset.file_meta.TransferSyntaxUID)
    try:
        if syntax in JPEG:
            return through("dcmdjpeg", path)
        if syntax in JPEG_LS:
            return through("dcmdjpls", path)
        if syntax in JPEG_2000_LOSSLESS:
            return through_openjpeg(dataset)
        return frames_of(dataset)
    except Exception:
        return None


def write(dataset, name, directory, prepared):
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = generate_uid(), generate_uid()
    dataset.SOPInstanceUID = generate_uid()
    dataset.PatientID = "CORPUS-" + name
    if "MediaStorageSOPInstanceUID" in dataset.file_meta:
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    path = os.path.join(directory, name)
    dataset.save_as(path, write_like_original=True)
    prepared.append(
        {
            "name": name,
            "file": path,
            "study": dataset.StudyInstanceUID,
            "series": dataset.SeriesInstanceUID,
            "instance": dataset.SOPInstanceUID,
            "frames": expected_frames(dataset, path) if "PixelData" in dataset else None,
        }
    )


def multi_frame(source, count):
    """The same image several times over, each frame brighter: 16-bit signed, multi-frame."""
    dataset = pydicom.dcmread(os.path.join(SOURCE, source))
    frame = dataset.pixel_array
    dataset.PixelData = numpy.stack([frame + step for step in range(count)]).astype("<i2").tobytes()
    dataset.NumberOfFrames = count
    return dataset


def tiny(bits_stored, rows, columns):
    """A grey image of any size."""
    dataset = pydicom.dcmread(os.path.join(SOURCE, "MR_small.dcm"))
    values = numpy.arange(rows * columns, dtype="<u2") * 37 % (1 << bits_stored)
    dataset.Rows, dataset.Columns, dataset.PixelData = rows, columns, values.astype("<u2").tobytes()
    dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = bits_stored, bits_stored - 1, 0
    return dataset


def with_overlay_in_pixels():
    """12 bits stored, and a retired overlay in bit 12 of some pixels."""
    dataset = tiny(12, 40, 50)
    values = numpy.frombuffer(dataset.PixelData, dtype="<u2").copy()
    values[::3] |= 1 << 12
    dataset.PixelData = values.tobytes()
    return dataset


def main(directory):
    prepared = []
    for name in sorted(os.listdir(SOURCE)):
        if not name.endswith(".dcm"):
            continue
        try:
            dataset = pydicom.dcmread(os.path.join(SOURCE, name), force=True)
            if not isinstance(getattr(dataset, "file_meta", None), FileMetaDataset):
                continue
            if "TransferSyntaxUID" not in dataset.file_meta:
                continue
            write(dataset, name, directory, prepared)
        except Exception as error:
            # Files that are broken on purpose: they are sent as they are by the garbage test.
            print(f"{name}: {type(error).__name__}", file=sys.stderr)
    write(multi_frame("MR_small.dcm", 5), "multi-frame-signed.dcm", directory, prepared)
    write(tiny(12, 1, 1), "one-pixel.dcm", directory, prepared)
    write(tiny(10, 1, 300), "one-row.dcm", directory, prepared)
    write(tiny(16, 301, 257), "odd-size.dcm", directory, prepared)
    write(with_overlay_in_pixels(), "overlay-in-pixels.dcm", directory, prepared)
    json.dump(prepared, sys.stdout)


main(sys.argv[1])
