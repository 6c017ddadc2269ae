"""``python -m mlegrade``: the command line."""

from mlegrade.cli import main

if __name__ == "__main__":
    main()
