"""Raw data of competitions with medical scans."""

from __future__ import annotations

from raw.making import Raw, Tables, choice, drawn, each, floats, ids, of, table, whole

FINDINGS = ["Aortic enlargement", "Atelectasis", "Cardiomegaly"]


def corner(low, high):
    return drawn(
        lambda rng, at: float(rng.integers(low, high)) if at % 4 else None,
        lambda value: value + 1,
    )


def week(rng, at):
    """Return the week of a visit: patients come five times, on different weeks."""
    return (at * 3 + 2) % 5 * 9 - 3 + int(rng.integers(9))


CATHETERS = [
    "ETT - Abnormal",
    "ETT - Borderline",
    "ETT - Normal",
    "NGT - Abnormal",
    "NGT - Borderline",
    "NGT - Incompletely Imaged",
    "NGT - Normal",
    "CVC - Abnormal",
    "CVC - Borderline",
    "CVC - Normal",
    "Swan Ganz Catheter Present",
]
APPEARANCES = ["Negative for Pneumonia", "Typical Appearance", "Indeterminate Appearance"]
APPEARANCES = [*APPEARANCES, "Atypical Appearance"]


def box(value):
    return f"opacity 1 {value * 3}.5 10 {value * 3 + 50}.25 99"


def studies(tables: Tables) -> dict[str, bytes]:
    return {
        f"train/{row.StudyInstanceUID}/series/{row.id}.dcm": (
            f"{row.StudyInstanceUID}_study|{row.id}".encode()
        )
        for row in tables["train_image_level.csv"].itertuples()
    }


RAWS = {
    "osic-pulmonary-fibrosis-progression": Raw(
        {
            "train.csv": table(
                25 * 5,
                Patient=drawn(lambda _, at: f"ID{at // 5 * 7 % 25:04d}"),
                Weeks=drawn(week),
                FVC=whole(1200, 4000),
                Percent=floats(40, 120, 6),
                Age=whole(50, 80),
                Sex=choice("Male", "Female"),
                SmokingStatus=choice("Ex-smoker", "Never smoked"),
            )
        },
        each("train.csv", "train/{Patient}/{Weeks}.dcm", unit="Patient"),
        # The first measurement of a test patient is told: other ones are another public table.
        unit="Patient",
        by_name=True,
        test=3,
        train_in="public/train.csv",
        perfect="public/sample_submission.csv",  # the answers have gaps
    ),
    "ranzcr-clip-catheter-line-classification": Raw(
        {
            "train.csv": table(
                151,
                {
                    "StudyInstanceUID": ids("1.2.826.0.1.{}", 100),
                    **dict.fromkeys(CATHETERS, choice(0, 1)),
                    "PatientID": ids("p{:03d}"),
                },
            ),
            "train_annotations.csv": table(
                151,
                StudyInstanceUID=ids("1.2.826.0.1.{}", 100),
                label=choice(*CATHETERS),
                data=of(lambda _: "[[1, 2], [3, 4]]", lambda value: value + " "),
            ),
        },
        each("train.csv", "train/{StudyInstanceUID}.jpg", unit="StudyInstanceUID"),
        labels={"train.csv": tuple(CATHETERS), "train_annotations.csv": ("label", "data")},
        unit="StudyInstanceUID",
        test=16,
        train_in="public/train.csv",
    ),
    "rsna-breast-cancer-detection": Raw(
        {
            "train.csv": table(
                160,
                site_id=choice(1, 2),
                patient_id=drawn(lambda _, at: 10_000 + at // 4 * 7 % 40),
                image_id=ids("{}", 5_000),
                laterality=drawn(lambda _, at: "LR"[at % 2]),
                view=choice("CC", "MLO"),
                age=floats(40, 80, 1),
                cancer=drawn(lambda _, at: at // 4 % 2, lambda value: 1 - value),
                biopsy=choice(0, 1),
                invasive=choice(0, 1),
                BIRADS=choice(0.0, 1.0, 2.0),
                implant=choice(0, 1),
                density=choice("A", "B"),
                machine_id=choice(29, 49),
                difficult_negative_case=choice(True, False),
            )
        },
        each("train.csv", "train_images/{patient_id}/{image_id}.dcm", unit="patient_id"),
        labels={"train.csv": ("cancer", "biopsy", "invasive", "BIRADS", "difficult_negative_case")},
        order=("file", "file"),
        unit="patient_id",
        seed=42,
        test=4,
        train_in="public/train.csv",
        test_in="public/test.csv",
    ),
    "rsna-miccai-brain-tumor-radiogenomic-classification": Raw(
        {"train_labels.csv": table(65, BraTS21ID=ids("{:05d}"), MGMT_value=choice(0, 1))},
        each(
            "train_labels.csv",
            "train/{BraTS21ID}/FLAIR/Image-1.dcm",
            "train/{BraTS21ID}/T2w/Image-33.dcm",
            unit="BraTS21ID",
        ),
        labels={"train_labels.csv": ("MGMT_value",)},
        unit="BraTS21ID",
        test=7,
        train_in="public/train_labels.csv",
    ),
    "siim-covid19-detection": Raw(
        {
            "train_study_level.csv": table(
                62,
                {
                    "id": drawn(lambda _, at: f"{at * 17 % 62:012x}_study"),
                    **{
                        name: drawn(
                            lambda _, at, kind=kind: int(at % 4 == kind), lambda value: 1 - value
                        )
                        for kind, name in enumerate(APPEARANCES)
                    },
                },
            ),
            "train_image_level.csv": table(
                66,
                id=drawn(lambda _, at: f"a{at * 17 % 66:011x}_image"),
                boxes=drawn(lambda _, at: f"[{{'x': {at}}}]" if at % 2 else None),
                label=drawn(lambda _, at: box(at) if at % 2 else "none 1 0 0 1 1"),
                StudyInstanceUID=drawn(lambda _, at: f"{at * 5 % 62:012x}"),
            ),
        },
        studies,
        labels={"train_study_level.csv": tuple(APPEARANCES)},
        unit="id",
        seed=None,  # of the studies; images follow theirs
        test=7 + 8,  # studies and their images
        train_in="public/train_study_level.csv",
    ),
    "vinbigdata-chest-xray-abnormalities-detection": Raw(
        {
            "train.csv": table(
                240,
                image_id=drawn(lambda _, at: f"a{at * 7 % 45:031x}"),
                class_name=drawn(lambda _, at: FINDINGS[at % 3] if at % 4 else "No finding"),
                class_id=drawn(lambda _, at: (0, 1, 3)[at % 3] if at % 4 else 14),
                rad_id=choice("R1", "R8"),
                x_min=corner(0, 50),
                y_min=corner(0, 50),
                x_max=corner(60, 99),
                y_max=corner(60, 99),
            )
        },
        each("train.csv", "train/{image_id}.dicom", unit="image_id"),
        labels={"train.csv": ("x_min", "y_min", "x_max", "y_max", "rad_id")},
        order=("file", "sorted"),
        unit="image_id",
        test=5,
        train_in="public/train.csv",
        perfect="private/gold_submission.csv",
    ),
}
