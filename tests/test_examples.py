"""The notebooks: they run from top to bottom, say what they are to say, and lie in the repository without outputs."""

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
SAID = {
    "residual_blocks": [
        "13 solid and 3 dashed shortcuts in resnet34",
        "C: 22,716,840 parameters, 3 dashed",
        "bottleneck 256 channels  1*1*256*64 + 3*3*64*64 + 1*1*64*256 = 69,632 weights",
        "ResNet-34 A top-1 error 25.03 %, 21,623,848 parameters",
    ],
    "own_network": [
        "nearest to resnet18: all 122 tensors fit",
        "49 layers of the module checked, all as in the tree",
        "The nearest published network is resnet18; 3 fields differ.",
        "12 with Estimated time at most 9.00 ms",
        "All 146 tensors fit.",
        "the same outputs: True",
        "PlantNet-SE: 7,198,878 parameters, 63,304 of them in squeeze-and-excitation",
    ],
}
"""What each notebook prints, among more."""
DRAWN = {"residual_blocks": 5, "own_network": 3}
"""Pictures in each."""


def read(name: str) -> nbformat.NotebookNode:
    return nbformat.read(ROOT / "examples" / f"{name}.ipynb", as_version=4)


def test_every_notebook_is_run() -> None:
    assert {path.stem for path in (ROOT / "examples").glob("*.ipynb")} == set(SAID)


@pytest.mark.parametrize("name", SAID)
def test_a_notebook_lies_here_without_outputs_and_the_readme_leads_to_it(name: str) -> None:
    notebook = read(name)
    nbformat.validate(notebook)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert cells
    assert not [cell for cell in cells if cell.outputs or cell.execution_count is not None]
    assert not re.search(r"import torchvision|from torchvision", "\n".join(cell.source for cell in cells))
    assert f"(examples/{name}.ipynb)" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SAID)
def test_a_notebook_runs_and_says_what_it_is_to_say(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    for folder in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR"):  # nothing is left at home
        monkeypatch.setenv(folder, str(tmp_path / folder))
    notebook = read(name)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert not [output for output in outputs if output.get("name") == "stderr"]
    printed = "".join(output.text for output in outputs if output.output_type == "stream")
    assert not [words for words in SAID[name] if words not in printed]
    shown = [output.data for output in outputs if "data" in output]
    pictures = [data for data in shown if any("<svg" in str(form) for form in data.values())]
    assert len(pictures) == DRAWN[name]
