"""Dogs vs. Cats Redux: is the animal on a photograph a dog?"""

from mlegrade.metrics import log_loss
from mlegrade.schema import Grading, Key

GRADING = Grading.binary(Key("id"), "label", metric=log_loss, says="it is a dog")
