"""Programs outside Python that some tests ask for a second opinion: Graphviz and TeX."""

import shutil
import subprocess

import pytest

NEATO = shutil.which("neato")
graphviz = pytest.mark.skipif(NEATO is None, reason="no Graphviz program on the PATH")


def _tex() -> str | None:
    """A TeX that has what our documents load: the class `standalone`, TikZ and a font that scales."""
    if tectonic := shutil.which("tectonic"):  # fetches what it lacks
        return tectonic
    program = shutil.which("pdflatex")
    wanted = ("standalone.cls", "tikz.sty", "lmodern.sty")
    if program and shutil.which("kpsewhich"):
        found = subprocess.run(["kpsewhich", *wanted], capture_output=True, text=True, timeout=60, check=False)
        return program if len(found.stdout.split()) == len(wanted) else None
    return None


TEX = _tex()
tex = pytest.mark.skipif(TEX is None, reason="no TeX (tectonic, or pdflatex with standalone, TikZ and lmodern)")
