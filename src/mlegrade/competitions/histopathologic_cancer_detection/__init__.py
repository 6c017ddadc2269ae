"""Histopathologic Cancer Detection."""
