"""``python -m resviz``: the command line."""

from resviz.cli import main

main()
