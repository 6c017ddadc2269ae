"""APTOS 2019 Blindness Detection."""
