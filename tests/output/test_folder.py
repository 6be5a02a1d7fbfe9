"""The folder of a build is replaced as a whole, or left as it was."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from extract.errors import FolderError
from output import folder
from output.folder import MANIFEST, built_files, claimed_folder, replaced_folder


def put(target: Path, files: dict[str, str]) -> None:
    with replaced_folder(target) as stage:
        for name, content in files.items():
            (stage / name).parent.mkdir(parents=True, exist_ok=True)
            (stage / name).write_text(content, encoding="utf-8")


def put_half(target: Path) -> None:
    """Write one file and then fail as a full disk would, with an OSError."""
    with replaced_folder(target) as stage:
        (stage / "graph.ttl").write_text("half", encoding="utf-8")
        stage.write_text("a folder cannot be written")


def tree(folder: Path) -> dict[str, str]:
    """Every file below the folder but the list of files, hidden ones too."""
    paths = (p for p in folder.rglob("*") if p.is_file() and p.name != MANIFEST)
    return {p.relative_to(folder).as_posix(): p.read_text(encoding="utf-8") for p in paths}


def test_a_build_replaces_the_one_before_and_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    put(out, {"graph.ttl": "1", "text/a.txt": "a", "text/b.txt": "b"})
    (out / "notes.md").write_text("mine", encoding="utf-8")
    put(out, {"graph.ttl": "2", "text/a.txt": "a"})
    assert tree(out) == {"graph.ttl": "2", "text/a.txt": "a", "notes.md": "mine"}
    put(out, {"graph.ttl": "3"})
    assert tree(out) == {"graph.ttl": "3", "notes.md": "mine"}
    assert not (out / "text").exists()
    assert list(built_files(out)) == ["graph.ttl"]


def test_a_failing_build_leaves_the_old_one(tmp_path: Path) -> None:
    put(tmp_path / "out", {"graph.ttl": "old"})
    before = (tmp_path / "out" / MANIFEST).read_bytes()
    with pytest.raises(IsADirectoryError):
        put_half(tmp_path / "out")
    assert tree(tmp_path / "out") == {"graph.ttl": "old"}
    assert (tmp_path / "out" / MANIFEST).read_bytes() == before


def test_a_failing_first_build_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), replaced_folder(tmp_path / "deep" / "out"):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_somebody_elses_file_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "a.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(FolderError, match=r"text/a\.txt was not written by plankg.*-o"):
        put(tmp_path, {"graph.ttl": "1", "text/a.txt": "theirs"})
    assert tree(tmp_path) == {"text/a.txt": "mine"}


def test_a_file_as_target_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("", encoding="utf-8")
    with pytest.raises(FolderError, match="is a file; choose a folder"):
        put(tmp_path / "out", {"a": "1"})


def test_two_builds_at_once(tmp_path: Path) -> None:
    with replaced_folder(tmp_path / "out") as stage:
        (stage / "a").write_text("first", encoding="utf-8")
        with pytest.raises(FolderError, match="another build is writing to"):
            put(tmp_path / "out", {"a": "second"})
    assert tree(tmp_path / "out") == {"a": "first"}


@pytest.mark.parametrize("name", ["../victim", "/etc/passwd", "a/../../victim", ""])
def test_a_forged_list_of_files_reaches_nothing_outside(tmp_path: Path, name: str) -> None:
    (tmp_path / "victim").write_text("precious", encoding="utf-8")
    put(tmp_path / "out", {"a": "1"})
    (tmp_path / "out" / MANIFEST).write_text(json.dumps({"files": {name: ""}}), encoding="utf-8")
    with pytest.raises(FolderError, match=f"{MANIFEST} is damaged"):
        put(tmp_path / "out", {"a": "2"})
    assert (tmp_path / "victim").read_text(encoding="utf-8") == "precious"


@pytest.mark.parametrize("content", ["", "[]", "{", '{"files": 3}', '{"files": null}', "[" * 100_000])
def test_a_damaged_list_of_files_is_said(tmp_path: Path, content: str) -> None:
    (tmp_path / MANIFEST).write_text(content, encoding="utf-8")
    with pytest.raises(FolderError, match="is damaged"):
        built_files(tmp_path)


def test_a_killed_build_leaves_nothing_that_the_next_one_does_not_clear(tmp_path: Path) -> None:
    program = (
        "import sys, time, pathlib\n"
        "from output.folder import replaced_folder\n"
        "with replaced_folder(pathlib.Path(sys.argv[1])) as stage:\n"
        "    (stage / 'half').write_text('x'); print('ready', flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "out")],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        env=os.environ | {"PYTHONPATH": "."},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    for _ in range(50):  # the lock goes with the process
        try:
            put(tmp_path / "out", {"whole": "1"})
            break
        except FolderError:
            time.sleep(0.1)
    assert tree(tmp_path / "out") == {"whole": "1"}


def test_a_refused_build_does_not_remove_the_folder_of_the_other(tmp_path: Path) -> None:
    out = tmp_path / "out"
    entered = False

    def missing_then_there(target: Path) -> list[Path]:
        return [target]  # as the second build sees it that looked before the first one made the folder

    with pytest.MonkeyPatch.context() as patch, claimed_folder(out) as first:
        patch.setattr(folder, "_missing_parents", missing_then_there)
        with pytest.raises(FolderError, match="another build is writing to"), claimed_folder(out):
            entered = True
        with first.replaced() as stage:
            (stage / "a").write_text("first", encoding="utf-8")
    assert not entered
    assert tree(out) == {"a": "first"}


def test_a_folder_that_was_given_up_meanwhile_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "_is_still", lambda path, handle: False)
    with pytest.raises(FolderError, match="has just given up"):
        put(tmp_path / "out", {"a": "1"})
