"""Invasive Species Monitoring."""
