"""Nomad2018: two energies of candidate transparent conductors."""

from mlegrade.metrics import root_mean_squared_log_error
from mlegrade.schema import Grading, Key, Number, Numbers

ENERGIES = ("formation_energy_ev_natom", "bandgap_energy_ev")

GRADING = Grading.alike(
    Key("id"),
    Numbers(ENERGIES, Number("", above=-1.0)),
    metric=root_mean_squared_log_error,
    reference_pairs_by_position=True,
)
