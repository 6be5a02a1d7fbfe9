"""Documents with strange names, in strange folders, very many and very large; strange surroundings."""

import os
import subprocess
import sys
import time
from collections import Counter

from graph.verify import check
from output.snapshot import read_graph
from tests.cli import PLAN, ROOT
from tests.stress.children import ONE, Ended, differing, run, tree
from tests.stress.ground import Ground

NAMES = (
    "with spaces.txt",
    "规划 纲要（草案）.txt",
    "new\nline.txt",
    "tab\tbell\x07.txt",
    "100%.txt",
    "%2e%2e%2f.txt",
    "...txt",
    "-o.txt",
    "--help.txt",
    "quote'\".txt",
    "a;b|c&d$(e)`f`.txt",
    "<script>alert(1)</script>".replace("/", "∕") + ".txt",
    "factory\U0001f3ed.txt",
    "e\u0301.txt",
    "right\u202eleft.txt",
    "back\\slash.txt",
    "CON.txt",
    "名" * 70 + ".txt",
    "\udcff.txt",  # bytes that are no UTF-8
)


def names(ground: Ground, count: int) -> Counter[str]:
    """Build documents with the last `count` of the names; every quote must stand, or one sentence say what is wrong."""
    found: Counter[str] = Counter()
    folder = ground.folder / "names"
    folder.mkdir()
    for number, name in enumerate(NAMES[-count:]):
        path = folder / name
        path.write_text(PLAN, encoding="utf-8")
        out = ground.fresh(f"named-{number}", older=False)
        ended = run("build", path, "-o", out, *ONE)
        if ended.code:
            _one_sentence(ended)
            found["file names refused in a sentence"] += 1
            continue
        report = check(out)
        assert not report.problems, report.problems[:3]
        assert report.checked["quotes"] > 0
        assert len(read_graph(out).sources) == 1
        assert all(p.resolve().is_relative_to(out.resolve()) for p in out.rglob("*"))
        found["file names built and verified"] += 1
    assert found.total() == min(count, len(NAMES))
    return found


def links(ground: Ground) -> Counter[str]:
    """Build a folder full of symbolic links that lead nowhere or in circles, and into such a path."""
    folder = ground.folder / "links"
    folder.mkdir()
    (folder / "plan.txt").write_text(PLAN, encoding="utf-8")
    for name, target in (("a.txt", "b.txt"), ("b.txt", "a.txt"), ("self.txt", "self.txt"), ("void.txt", "missing")):
        (folder / name).symlink_to(target)
    (folder / "again").symlink_to(".")
    (folder / "same.txt").symlink_to("plan.txt")
    out = ground.fresh("linked", older=False)
    ended = run("build", folder, folder / "again" / "again", "-o", out, *ONE)
    assert ended.code == 0, ended.said
    assert [source.id for source in read_graph(out).sources] == ["plan"]
    found: Counter[str] = Counter({"folders of looping links built": 1})
    for arguments in (["build", folder / "a.txt"], ["build", folder / "plan.txt", "-o", folder / "a.txt"]):
        ended = run(*arguments, "--quiet")
        assert ended.code == 1
        _one_sentence(ended)
        found["looping links told in a sentence"] += 1
    return found


def many(ground: Ground, count: int) -> Counter[str]:
    """Build so many tiny files at once, and again when nothing has changed."""
    folder = ground.folder / "many"
    folder.mkdir()
    for number in range(count):
        text = f"乌鲁木齐市米东区第{number}号发展规划\n\n第一章 产业\n\n发展旅游业。建设{number}号水库。\n"
        (folder / f"tiny-{number:05}.txt").write_text(text, encoding="utf-8")
    out = ground.fresh("from-many", older=False)
    begin = time.perf_counter()
    ended = run("build", folder, "-o", out, "--quiet", "--tier", "fast")
    assert ended.code == 0, ended.said
    assert len(list((out / "text").iterdir())) == count
    before = tree(out)
    again = run("build", folder, "-o", out, "--tier", "fast")
    assert "Nothing has changed" in again.said
    assert tree(out) == before
    print(
        f"  {count} files: {time.perf_counter() - begin:.0f} s, {ended.seconds:.0f} processor seconds, "
        f"{ended.megabytes:.0f} MB"
    )
    return Counter({"tiny files built at once": count})


def large(ground: Ground, megabytes: int) -> Counter[str]:
    """Give one text of so many megabytes: one sentence refuses it, at once and without reading it into memory."""
    path = ground.folder / "large.txt"
    block = PLAN.encode() * (1_000_000 // len(PLAN.encode()))
    with path.open("wb") as file:
        for _ in range(megabytes):
            file.write(block)
    out = ground.fresh("from-large", older=False)
    small = run("build", ground.folder / "missing.txt", "-o", out, *ONE)
    ended = run("build", path, "-o", out, *ONE)
    path.unlink()
    _one_sentence(ended)
    said, *rest = ended.said.splitlines()
    assert said.endswith("more than the 20,000,000 bytes that one document may have; split it")
    assert "large.txt: has " in said
    assert rest == ["plankg: 1 of 1 documents could not be read; nothing was written"]
    assert not out.exists()
    more = ended.megabytes - small.megabytes
    print(f"  {said} ({ended.seconds:.1f} processor seconds, {more:.0f} MB more than a build needs anyway)")
    assert ended.seconds < 5
    assert more < 1.5 * megabytes + 20
    return Counter({f"files of {megabytes} MB refused in a sentence within 5 s": 1})


SURROUNDINGS: tuple[dict[str, str], ...] = (
    {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "Asia/Shanghai", "PYTHONUTF8": "0"},
    {"PYTHONHASHSEED": "4294967295", "LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Kiritimati", "COLUMNS": "20"},
    {"PYTHONHASHSEED": "0", "LC_ALL": "zh_CN.GB18030", "TZ": "America/Noronha", "PYTHONOPTIMIZE": "2"},
)


def surroundings(ground: Ground, count: int) -> Counter[str]:
    """Build with other hash seeds, locales and time zones, and with the clock in another century."""
    found: Counter[str] = Counter()
    for changed in SURROUNDINGS[:count]:
        out = ground.fresh("surrounded", older=False)
        subprocess.run(
            [sys.executable, "-m", "plankg", "build", str(ground.documents), "-o", str(out), *ONE],
            env={**os.environ, "PYTHONPATH": str(ROOT), **changed},
            cwd=ground.folder,
            check=True,
        )
        assert differing(tree(out), ground.expected) == [], changed
        found["builds in other surroundings with the same bytes"] += 1
    for year in (0, 4_000_000_000):
        out = ground.fresh("dated", older=False)

        def change(moment: float = year) -> None:
            time.time = lambda: moment
            for path in ground.documents.iterdir():
                os.utime(path, (moment, moment))

        ended = run("build", ground.documents, "-o", out, *ONE, prepare=change)
        assert ended.code == 0, ended.said
        assert tree(out) == ground.expected
        found["builds at another time with the same bytes"] += 1
    return found


def _one_sentence(ended: Ended) -> None:
    lines = ended.said.splitlines()
    assert lines, "a failed build must say why"
    assert all(line.startswith("plankg: ") for line in lines), ended.said
    assert "should not have happened" not in ended.said, ended.said
