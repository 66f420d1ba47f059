"""Install Graphviz and a small TeX, which some tests ask for a second opinion (root on Debian; about 50 s).

`python -m scripts.programs` never fails: the tests that find no program are skipped, and say so.
"""

import shutil
from collections.abc import Iterator

from scripts.chromium import debian, run

PACKAGES = {
    "dot": ("graphviz",),
    "pdflatex": ("texlive-latex-base", "texlive-latex-extra", "texlive-pictures", "lmodern"),
}
"""Debian's packages by the program that they bring; `texlive-latex-extra` for the class `standalone`."""


def secure() -> tuple[str, ...]:
    """Return the programs that are still missing, after trying to install them."""
    missing = tuple(_missing())
    if missing and debian():
        packages = " ".join(package for program in missing for package in PACKAGES[program])
        print(f"no {' and no '.join(missing)} yet: apt-get install {packages}", flush=True)
        if run("apt-get update -qq"):
            run(f"apt-get install -qq -y --no-install-recommends {packages}")
    return tuple(_missing())


def _missing() -> Iterator[str]:
    return (program for program in PACKAGES if not shutil.which(program))


if __name__ == "__main__":
    print("".join(f"no {program}: the tests that ask it will be skipped\n" for program in secure()), end="")
