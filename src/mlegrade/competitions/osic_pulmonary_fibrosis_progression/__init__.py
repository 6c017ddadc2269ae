"""OSIC Pulmonary Fibrosis Progression."""
