"""Statoil/C-CORE Iceberg Classifier Challenge."""
