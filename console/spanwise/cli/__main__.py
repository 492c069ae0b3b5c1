"""`python -m spanwise.cli`, where the script is not on the path."""

import sys

from spanwise.cli import main


if __name__ == "__main__":
    sys.exit(main())
