"""Cdiscount's Image Classification Challenge."""
