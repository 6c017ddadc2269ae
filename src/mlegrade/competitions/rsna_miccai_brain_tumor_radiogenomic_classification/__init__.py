"""RSNA-MICCAI Brain Tumor Radiogenomic Classification."""
