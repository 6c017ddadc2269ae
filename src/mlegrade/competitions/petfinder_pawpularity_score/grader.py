"""PetFinder.my Pawpularity: how much attention does a pet's photo get?"""

from mlegrade.metrics import root_mean_squared_error
from mlegrade.schema import Grading, Key, Number

GRADING = Grading.alike(
    Key("Id", text=True), Number("Pawpularity", low=1, high=100), metric=root_mean_squared_error
)
