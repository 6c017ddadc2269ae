"""RSNA 2022 Cervical Spine Fracture Detection."""
