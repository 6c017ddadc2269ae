"""Nomad2018: two energies of candidate transparent conductors."""

from mlegrade.metrics import root_mean_squared_log_error
from mlegrade.schema import Grading, Key, Number, Numbers, Table

ENERGIES = ("formation_energy_ev_natom", "bandgap_energy_ev")
MATERIALS = Table(Key("id"), Numbers(ENERGIES, Number("", above=-1.0)))

GRADING = Grading(
    submission=MATERIALS,
    answers=MATERIALS,
    metric=root_mean_squared_log_error,
    reference_pairs_by_position=True,
)
