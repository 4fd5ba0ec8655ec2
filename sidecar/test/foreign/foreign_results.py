"""Makes results of another system with highdicom: foreign_results.py FOLDER IMAGE..., writes into the folder."""

import copy
import sys
from pathlib import Path

import highdicom as hd
import numpy as np
import pydicom
from pydicom.sr.coding import Code

folder, files = Path(sys.argv[1]), sys.argv[2:]
images = sorted((pydicom.dcmread(name) for name in files), key=lambda image: image.InstanceNumber)
MAKER = {
    "manufacturer": "Elsewhere",
    "manufacturer_model_name": "Contourer",
    "software_versions": "1",
    "device_serial_number": "1",
}
NODULE = Code("27925004", "SCT", "Nodule")
BRAIN = Code("12738006", "SCT", "Brain")


def segmentation():
    """A square on every image, drawn by hand."""
    mask = np.zeros((len(images), images[0].Rows, images[0].Columns), dtype=np.uint8)
    mask[:, 20:50, 30:60] = 1
    description = hd.seg.SegmentDescription(
        segment_number=1,
        segment_label="Contour by hand",
        segmented_property_category=Code("49755003", "SCT", "Morphologically Abnormal Structure"),
        segmented_property_type=NODULE,
        algorithm_type="MANUAL",
    )
    return hd.seg.Segmentation(
        source_images=images,
        pixel_array=mask,
        segmentation_type="BINARY",
        segment_descriptions=[description],
        series_instance_uid=hd.UID(),
        series_number=77,
        sop_instance_uid=hd.UID(),
        instance_number=1,
        series_description="Contours",
        **MAKER,
    )


def report():
    """A person measured a nodule on the fourth image (TID 1500, TID 1410)."""
    person = hd.sr.ObserverContext(
        observer_type=Code("121006", "DCM", "Person"),
        observer_identifying_attributes=hd.sr.PersonObserverIdentifyingAttributes(name="Lee^Jun"),
    )
    source = images[3]
    region = hd.sr.ImageRegion(
        graphic_type=hd.sr.GraphicTypeValues.POLYLINE,
        graphic_data=np.array([[10.0, 10.0], [20.0, 10.0], [20.0, 20.0], [10.0, 20.0], [10.0, 10.0]]),
        source_image=hd.sr.SourceImageForRegion(
            referenced_sop_class_uid=source.SOPClassUID,
            referenced_sop_instance_uid=source.SOPInstanceUID,
        ),
    )
    group = hd.sr.PlanarROIMeasurementsAndQualitativeEvaluations(
        tracking_identifier=hd.sr.TrackingIdentifier(uid=hd.UID(), identifier="Nodule A"),
        referenced_region=region,
        finding_type=NODULE,
        finding_sites=[hd.sr.FindingSite(anatomic_location=BRAIN)],
        measurements=[
            hd.sr.Measurement(
                name=Code("103355008", "SCT", "Width"), value=12.5, unit=Code("mm", "UCUM", "millimeter")
            )
        ],
    )
    content = hd.sr.MeasurementReport(
        observation_context=hd.sr.ObservationContext(observer_person_context=person),
        procedure_reported=Code("25056-3", "LN", "MRI unspecified body region"),
        imaging_measurements=[group],
    )
    made = hd.sr.Comprehensive3DSR(
        evidence=images,
        content=content,
        series_number=78,
        series_instance_uid=hd.UID(),
        sop_instance_uid=hd.UID(),
        instance_number=1,
        manufacturer="Elsewhere",
        is_complete=True,
        is_final=True,
        is_verified=False,
    )
    made.SeriesDescription = "Measured elsewhere"
    return made


def another(original, description):
    """The same under UIDs and a description of its own."""
    made = copy.deepcopy(original)
    made.SeriesInstanceUID, made.SOPInstanceUID = hd.UID(), hd.UID()
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    made.SeriesDescription = description
    return made


contours, measured = segmentation(), report()
half = another(contours, "Half of the field of view")
for measures in half.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence:
    measures.PixelSpacing = [value / 2 for value in measures.PixelSpacing]
broken = another(measured, "Broken document")
del broken.ContentSequence
broken.ValueType = "TEXT"
for name, dataset in {"contours": contours, "half": half, "measured": measured, "broken": broken}.items():
    dataset.save_as(folder / f"{name}.dcm", enforce_file_format=True)
