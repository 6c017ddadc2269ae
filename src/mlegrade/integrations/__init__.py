"""Bridges to other harnesses: each is imported when it is used, and needs none of them before."""
