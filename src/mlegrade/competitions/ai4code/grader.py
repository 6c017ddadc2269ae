"""AI4Code: put the cells of Jupyter notebooks back in order."""

from mlegrade.metrics import pooled_kendall_tau
from mlegrade.schema import Grading, Key, Permutation, Table, Text, Values

NOTEBOOK = Key("id", text=True)


def places(answers: Values, submission: Values) -> tuple[object, object]:
    """Return the true places of the cells in the order proposed, notebook after notebook."""
    del answers  # the places come from them already
    order = submission["cell_order"]
    return order.values, order.offsets


GRADING = Grading(
    submission=Table(NOTEBOOK, Permutation("cell_order", says="cell ids")),
    answers=Table(NOTEBOOK, Text("cell_order")),
    metric=pooled_kendall_tau,
    arguments=places,
)
