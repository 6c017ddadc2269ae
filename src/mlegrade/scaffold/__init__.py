"""A package for a competition of one's own, made of its id and, if there are any, its answers."""

from mlegrade.scaffold._make import Made, make

__all__ = ["Made", "make"]
