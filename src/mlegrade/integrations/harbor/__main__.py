"""Lets ``python -m mlegrade.integrations.harbor`` verify, as each exported task does."""

import sys

from mlegrade.integrations.harbor.verifying import main

sys.exit(main())
