"""RSNA Screening Mammography Breast Cancer Detection."""
