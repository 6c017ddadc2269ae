"""IceCube Neutrinos in Deep Ice: from where did the neutrino come?"""

from mlegrade.metrics import mean_angular_error
from mlegrade.schema import Grading, Key, Number, Numbers, Table

ANGLES = Numbers(("azimuth", "zenith"), Number("", truth_values=False, says="an angle in radians"))
EVENTS = Table(Key("event_id"), ANGLES, extra_columns=False)

GRADING = Grading(
    submission=EVENTS, answers=Table(Key("event_id"), ANGLES), metric=mean_angular_error
)
