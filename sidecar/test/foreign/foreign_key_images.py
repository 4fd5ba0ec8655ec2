"""Makes key object documents of another system with highdicom: foreign_key_images.py FOLDER IMAGE..., writes into it."""

import sys
from pathlib import Path

import highdicom as hd
import pydicom
from pydicom.sr.coding import Code

folder, files = Path(sys.argv[1]), sys.argv[2:]
images = sorted((pydicom.dcmread(name) for name in files), key=lambda image: image.InstanceNumber)


def document(title, selected, description, number):
    person = hd.sr.ObserverContext(
        observer_type=Code("121006", "DCM", "Person"),
        observer_identifying_attributes=hd.sr.PersonObserverIdentifyingAttributes(name="Doe^Jane"),
    )
    return hd.ko.KeyObjectSelectionDocument(
        evidence=selected,
        content=hd.ko.KeyObjectSelection(
            document_title=title,
            referenced_objects=selected,
            observer_person_context=person,
            description=description,
        ),
        series_instance_uid=hd.UID(),
        series_number=900 + number,
        sop_instance_uid=hd.UID(),
        instance_number=1,
        manufacturer="Elsewhere",
    )


# Longer than what Orthanc shows of a value unasked.
described = document(Code("113004", "DCM", "For Teaching"), images[:2], "Look at this. " * 30, 1)
rejection = document(Code("113037", "DCM", "Rejected for Patient Safety Reasons"), images[-1:], None, 2)
for name, dataset in {"described": described, "rejection": rejection}.items():
    dataset.save_as(folder / f"{name}.dcm", enforce_file_format=True)
