"""The example of docs/plugins.md, really installed; and installations that go wrong."""

import json
import re
import shlex
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

import plankg
from extract.errors import PlankgError, PluginError
from extract.plugins import installed, load_plugin
from output import extracting
from output.extracting import extracted, model_key
from tests.cli import PLAN, ROOT, command

Capture = pytest.CaptureFixture[str]
Install = Callable[..., Path]
PAGE = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    return str(found)


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Install a package with entry points, as pip would: its module beside a dist-info folder on sys.path."""

    def into(name: str, version: str, entries: dict[str, str], module: str = "", code: str = "") -> Path:
        site = tmp_path / f"site-{name}"
        info = site / f"{name.replace('-', '_')}-{version}.dist-info"
        for old in site.glob("*.dist-info/*"):
            old.unlink()
        info.mkdir(parents=True, exist_ok=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8")
        lines = "".join(f"{key} = {value}\n" for key, value in entries.items())
        (info / "entry_points.txt").write_text(f"[plankg.models]\n{lines}", encoding="utf-8")
        if module:
            (site / f"{module}.py").write_text(code, encoding="utf-8")
        monkeypatch.syspath_prepend(site)
        return site

    return into


@pytest.fixture
def glossary(install: Install) -> None:
    """The package of the page."""
    project = tomllib.loads(block("toml"))["project"]
    entries = project["entry-points"]["plankg.models"]
    install(project["name"], project["version"], entries, "glossary", block("python"))


@pytest.mark.usefixtures("glossary")
def test_the_commands_of_the_page_run(plan: Path, capfd: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(plan.parent)
    lines = [line.removeprefix("$ ") for line in block("console").splitlines()]
    assert [line.split()[1] for line in lines] == ["extract", "build"]
    for line in lines:
        done = command(capfd, *shlex.split(line)[1:])
        assert (done.code, done.err) == (0, "")
    records = [json.loads(line) for line in Path("out/records.jsonl").read_text(encoding="utf-8").splitlines()]
    mentions = {(r["text"], r["type"], r["rule"], r["confidence"]) for r in records if r["record"] == "mention"}
    assert {m for m in mentions if m[1] != "Indicator"} == {
        ("石油化工", "Industry", "mentions/model:glossary", 0.9),
        ("旅游业", "Industry", "mentions/model:glossary", 0.9),
        ("三道坝污水处理厂", "Facility", "mentions/model:glossary", 0.9),
        # public names, whatever the model says
        ("乌鲁木齐市", "District", "mentions/listed-district", 0.8),
        ("米东区", "District", "mentions/listed-district", 0.8),
    }
    assert {r["predicate"] for r in records if r["record"] == "fact"} == {"develops", "plans"}
    options = json.loads(Path("out/build.json").read_bytes())["options"]
    assert options["tier"] == "model:glossary of plankg-glossary 1.0"
    assert command(capfd, "verify", "out").code == 0


COUNTING = """
calls = 0

def model(text):
    global calls
    calls += 1
    yield {"text": "旅游业", "type": "Industry"}
    yield {"text": "不在文中", "type": "Industry"}
"""


def test_a_new_version_is_asked_again_and_an_old_answer_keeps_its_warning(
    install: Install, plan: Path, tmp_path: Path, capfd: Capture
) -> None:
    install("one", "1.0", {"counted": "counting:model"}, "counting", COUNTING)
    plugin = load_plugin("counted")
    assert plugin is not None
    count = plugin.model.__globals__  # type: ignore[attr-defined]
    first = plankg.build(plan, tmp_path / "out", tier="counted")
    asked = count["calls"]
    assert asked > 3
    (warning,) = first.warnings
    assert re.fullmatch(r"plan: refused \d+ mentions of the model 'counted': \d+ not in the sentence", warning)
    again = plankg.build(plan, tmp_path / "out", tier="counted", licence="https://example.org/licence")
    assert (count["calls"], again.warnings) == (asked, first.warnings)
    assert model_key("counted") == "model:counted of one 1.0"
    install("one", "1.1", {"counted": "counting:model"})
    assert model_key("counted") == "model:counted of one 1.1"
    assert plankg.build(plan, tmp_path / "out", tier="counted").warnings == first.warnings
    assert count["calls"] == 2 * asked
    done = command(capfd, "extract", plan, "--tier", "counted")
    assert (done.code, done.complaint) == (0, warning)


def test_a_model_that_fails_ends_the_build_in_one_sentence(
    install: Install, plan: Path, tmp_path: Path, capfd: Capture
) -> None:
    install("bad", "0.1", {"bad": "badmodel:model"}, "badmodel", "def model(text):\n    return 1 / 0\n")
    done = command(capfd, "build", plan, "-o", tmp_path / "out", "--tier", "bad")
    assert done.code == 1
    assert done.complaint == (
        "the model 'bad' of bad 0.1 failed on the document plan: ZeroDivisionError: division by zero"
    )
    assert len(done.err.splitlines()) == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("glossary")
def test_processes_of_their_own_find_it_too(tmp_path: Path, install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extracting, "_WORTH_PROCESSES", 0)
    install("bad", "0.1", {"bad": "badmodel:model"}, "badmodel", "def model(text):\n    return 1 / 0\n")
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text(PLAN, encoding="utf-8")
    paths = [tmp_path / "a.txt", tmp_path / "b.txt"]
    assert list(extracted(paths, tier="glossary", jobs=2)) == list(extracted(paths, tier="glossary"))
    with pytest.raises(PluginError, match=r"the model 'bad' of bad 0\.1 failed on the document a: ZeroDivisionError"):
        list(extracted(paths, tier="bad", jobs=2))


def test_an_unknown_name_lists_what_there_is(install: Install, plan: Path, capfd: Capture) -> None:
    assert command(capfd, "extract", plan, "--tier", "slow").complaint == (
        "there is no tier 'slow'; choose one of fast, accurate or a plug-in model (none is installed)"
    )
    install("two", "1.0", {"b": "x:y", "a": "x:y", "fast": "x:y"})
    assert installed() == ("a", "b", "fast")
    assert command(capfd, "extract", plan, "--tier", "slow").complaint.endswith("or a plug-in model (a, b, fast)")
    assert model_key("fast") == "fast"  # ours, whatever others call theirs


@pytest.mark.parametrize(
    ("value", "code", "problem"),
    [
        ("nowhere_at_all:model", "", "cannot be loaded: ModuleNotFoundError: No module named"),
        ("broken_one:model", "raise SystemExit('bye')\n", "cannot be loaded: SystemExit: bye"),
        ("broken_two:other", "", "cannot be loaded: AttributeError: "),
        ("broken_three:model", "model = 7\n", "is no callable"),
    ],
)
def test_what_cannot_be_loaded_is_told(install: Install, plan: Path, value: str, code: str, problem: str) -> None:
    module = value.split(":")[0]
    install("broken", "1.0", {"broken": value}, "" if "nowhere" in module else module, code)
    with pytest.raises(PlankgError, match=r"the model 'broken' of broken 1\.0 .*" + re.escape(problem)):
        plankg.build(plan, tier="broken")


def test_two_packages_with_one_name_are_refused(install: Install) -> None:
    install("one", "1.0", {"same": "x:y"})
    install("two", "2.0", {"same": "x:y"})
    with pytest.raises(PlankgError, match=r"several distributions bring a model 'same' \(one 1.0, two 2.0\)"):
        load_plugin("same")
