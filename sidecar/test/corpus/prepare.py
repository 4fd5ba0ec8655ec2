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
from pydicom.encaps import encapsulate, generate_pixel_data_frame
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


def image(values, bits_stored, signed=False, photometric="MONOCHROME2", sop_class=None):
    """An image of these values: (frames, rows, columns) or (frames, rows, columns, 3)."""
    dataset = pydicom.dcmread(os.path.join(SOURCE, "MR_small.dcm"))
    bits_allocated = 8 if bits_stored <= 8 else 16
    kind = f"<i{bits_allocated // 8}" if signed else f"<u{bits_allocated // 8}"
    dataset.Rows, dataset.Columns = values.shape[1:3]
    dataset.SamplesPerPixel = 3 if values.ndim == 4 else 1
    if values.ndim == 4:
        dataset.PlanarConfiguration = 0
    dataset.PhotometricInterpretation = photometric
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = bits_allocated, bits_stored, bits_stored - 1
    dataset.PixelRepresentation = 1 if signed else 0
    for keyword in ("SmallestImagePixelValue", "LargestImagePixelValue", "PixelPaddingValue"):
        if keyword in dataset:
            delattr(dataset, keyword)
    if len(values) > 1:
        dataset.NumberOfFrames = len(values)
    if sop_class is not None:
        dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = sop_class
    data = values.astype(kind).tobytes()
    dataset.PixelData = data + b"\0" * (len(data) % 2)
    dataset["PixelData"].VR = "OB" if bits_allocated == 8 else "OW"
    return dataset


def ramp(shape, modulus, offset=0):
    """Values that differ from pixel to pixel and from frame to frame."""
    return numpy.arange(numpy.prod(shape), dtype="i8").reshape(shape) * 31 % modulus + offset


def enhanced(sop_class, frames, bits_stored, signed):
    """Multi-frame with functional groups (PS3.3 C.7.6.16), as enhanced CT and MR have."""
    values = ramp((frames, 32, 48), 1 << bits_stored, -(1 << bits_stored - 1) if signed else 0)
    dataset = image(values, bits_stored, signed, sop_class=sop_class)
    dataset.SharedFunctionalGroupsSequence = pydicom.Sequence([pydicom.Dataset()])
    groups = []
    for index in range(frames):
        position, item = pydicom.Dataset(), pydicom.Dataset()
        position.ImagePositionPatient = [0, 0, index]
        item.PlanePositionSequence = pydicom.Sequence([position])
        groups.append(item)
    dataset.PerFrameFunctionalGroupsSequence = pydicom.Sequence(groups)
    return dataset


def palette():
    """Indices into a colour table: left as it is."""
    dataset = image(ramp((1, 20, 30), 256), 8, photometric="PALETTE COLOR")
    table = numpy.arange(256, dtype="<u2") * 257
    for colour in ("Red", "Green", "Blue"):
        setattr(dataset, f"{colour}PaletteColorLookupTableDescriptor", [256, 0, 16])
        dataset[f"{colour}PaletteColorLookupTableDescriptor"].VR = "US"
        setattr(dataset, f"{colour}PaletteColorLookupTableData", table.tobytes())
    return dataset


def floating_point():
    """Parametric map: 32-bit floating-point pixels."""
    dataset = image(ramp((1, 20, 30), 256), 8, sop_class="1.2.840.10008.5.1.4.1.1.30")
    del dataset.PixelData
    dataset.BitsAllocated = 32
    dataset.FloatPixelData = numpy.linspace(0, 1, 600, dtype="<f4").tobytes()
    return dataset


def video():
    """What is said to be MPEG-4; nobody looks into it."""
    dataset = image(ramp((4, 16, 16, 3), 256), 8, photometric="YBR_PARTIAL_420", sop_class="1.2.840.10008.5.1.4.1.1.77.1.1.1")
    dataset.PixelData = encapsulate([b"\0\0\0\x18ftypmp42" + b"\0" * 52])
    dataset["PixelData"].VR, dataset["PixelData"].is_undefined_length = "OB", True
    dataset.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.4.102"
    return dataset


def recoded(dataset, *command):
    """The same image as a program of dcmtk writes it."""
    with tempfile.TemporaryDirectory() as directory:
        source, output = os.path.join(directory, "source.dcm"), os.path.join(directory, "output.dcm")
        dataset.save_as(source, write_like_original=True)
        subprocess.run([*command, source, output], check=True, capture_output=True)
        return pydicom.dcmread(output)


CT, MR, US = "1.2.840.10008.5.1.4.1.1.2.1", "1.2.840.10008.5.1.4.1.1.4.1", "1.2.840.10008.5.1.4.1.1.3.1"


def synthetic():
    """Every depth, shape and source syntax that has to be rendered, or to be left with a reason."""
    slices = lambda: image(ramp((3, 41, 37), 4096), 12)
    signed = lambda: image(ramp((3, 41, 37), 65536, -32768), 16, signed=True)
    yield "u8-monochrome1.dcm", image(ramp((1, 33, 21), 256), 8, photometric="MONOCHROME1")
    yield "u10.dcm", image(ramp((1, 40, 40), 1024), 10)
    yield "u16.dcm", image(ramp((1, 40, 40), 65536), 16)
    yield "s12.dcm", image(ramp((1, 40, 40), 4096, -2048), 12, signed=True)
    yield "wide.dcm", image(ramp((1, 3, 30000), 65536), 16)
    yield "cine.dcm", image(ramp((30, 48, 64, 3), 256), 8, photometric="RGB", sop_class=US)
    yield "enhanced-ct.dcm", enhanced(CT, 200, 12, False)
    yield "enhanced-mr.dcm", enhanced(MR, 20, 16, True)
    yield "implicit.dcm", recoded(slices(), "dcmconv", "+ti")
    yield "big-endian.dcm", recoded(signed(), "dcmconv", "+tb")
    yield "deflated.dcm", recoded(slices(), "dcmconv", "+td")
    yield "rle.dcm", recoded(signed(), "dcmcrle")
    yield "jpeg-lossless.dcm", recoded(slices(), "dcmcjpeg", "+e1")
    yield "jpeg-lossless-14.dcm", recoded(slices(), "dcmcjpeg", "+el")
    yield "jpeg-ls.dcm", recoded(slices(), "dcmcjpls")
    yield "jpeg-ls-near.dcm", recoded(slices(), "dcmcjpls", "+en")
    yield "jpeg-extended.dcm", recoded(slices(), "dcmcjpeg", "+ee")
    yield "palette.dcm", palette()
    yield "float.dcm", floating_point()
    yield "video.dcm", video()


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
    for name, dataset in synthetic():
        write(dataset, "synthetic-" + name, directory, prepared)
    json.dump(prepared, sys.stdout)


main(sys.argv[1])
