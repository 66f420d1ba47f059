"""What loading a room must not load: the first paint, the shell and the library stay quick."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TORCH = {"torch", "fvcore", "torchinfo", "safetensors", "onnx", "onnxscript", "onnxruntime"}
HEAVY = TORCH | {"streamlit", "pandas", "plotly", "sqlalchemy", "reportlab", "svglib"}
FIRST_PAINT = """
from streamlit.testing.v1 import AppTest
assert not AppTest.from_file("app.py").run(timeout=60).exception
"""

STAYS_OUT = {
    "import resviz": HEAVY,
    "import resviz.arch": HEAVY | {"numpy"},
    "import resviz.published": HEAVY,
    "import resviz.report": TORCH | {"streamlit", "plotly"},
    "import resviz.cli": HEAVY,
    "from resviz.training import charts, kinds, recorded, task": TORCH | {"sklearn", "streamlit"},
    FIRST_PAINT: TORCH,
}


@pytest.mark.parametrize("code", STAYS_OUT, ids=lambda code: "first paint" if code == FIRST_PAINT else code)
def test_heavy_packages_stay_out(code: str) -> None:
    probe = f"{code}\nimport sys\nprint('loaded:', *{{name.partition('.')[0] for name in sys.modules}})"
    run = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    loaded = set(run.stdout.split())
    assert "loaded:" in loaded
    assert not loaded & STAYS_OUT[code]
