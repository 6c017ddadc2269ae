"""Lets ``python -m mlegrade.cli`` stand for ``mlegrade``."""

from mlegrade.cli import main

if __name__ == "__main__":
    main()
