"""Cdiscount: the category of a product, from its photographs."""

from mlegrade.metrics import accuracy
from mlegrade.schema import Grading, Key, WholeNumber

GRADING = Grading.alike(
    Key("_id"), WholeNumber("category_id", says="the category of the product"), metric=accuracy
)
