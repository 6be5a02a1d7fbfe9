"""The notebook runs from its first cell to its last, and is kept without what it gave."""

import json
import os
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from tests.cli import ROOT, with_extractions

NOTEBOOK = ROOT / "docs" / "from-documents-to-a-chart.ipynb"
PATIENCE = 900  # seconds for a cell: a loaded machine is slow, not broken


def test_it_is_kept_without_results() -> None:
    text = NOTEBOOK.read_text(encoding="utf-8")
    data = json.loads(text)
    assert text == json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    nbformat.validate(nbformat.from_dict(data))
    cells = [cell for cell in data["cells"] if cell["cell_type"] == "code"]
    assert len(cells) == 4
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in cells)
    assert all(cell["metadata"] == {} for cell in data["cells"])
    assert set(data["metadata"]) == {"kernelspec", "language_info"}


# The kernel's own libraries still use what Python and they themselves deprecate.
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_it_runs(tmp_path: Path, whole: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_extractions(whole, tmp_path / "two-districts")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    notebook: Any = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(
        notebook, timeout=PATIENCE, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    given = {cell["id"]: cell["outputs"] for cell in notebook.cells if cell.cell_type == "code"}
    assert list(given) == ["build", "query", "chart", "proof"]
    assert not [out for outputs in given.values() for out in outputs if out["output_type"] == "error"]
    assert "entities" in given["build"][0]["text"]
    table = given["query"][0]["data"]["text/plain"]
    assert all(word in table for word in ("新市区", "乌鲁木齐县", "done", "planned"))
    (picture,) = (out["data"]["image/svg+xml"] for out in given["chart"])
    assert all(word in picture for word in ("<svg", "新市区", "乌鲁木齐县", "planned"))
    assert given["proof"][0]["text"].count("→") == 3
