"""Builds that are killed, run at the same time, or meet a full or read-only disk."""

import os
import random
import shutil
import subprocess
import time
from collections import Counter
from pathlib import Path

from output import extracting
from output.building import CACHE
from output.folder import MANIFEST
from tests.stress import disks
from tests.stress.children import (
    ONE,
    Ended,
    count_events,
    differing,
    finish,
    give_up_rights,
    kill_at,
    limit_files,
    run,
    start,
    tree,
)
from tests.stress.ground import Ground


def kills(ground: Ground, count: int, seed: int) -> Counter[str]:
    """Kill builds at random accesses to files and at random times; each rebuild must give the same bytes."""
    rng = random.Random(seed)
    events, seconds = _measured(ground)
    found: Counter[str] = Counter()
    for number in range(count):
        out = ground.fresh("killed", older=number % 2 == 1)
        before = tree(out) if out.exists() else {}
        if number % 4 < 3:
            ended = run(*_build(ground, out), prepare=kill_at(rng.randint(1, events))).code
        else:
            ended = _killed_after(ground, out, rng.uniform(0, seconds))
        found["builds killed"] += ended == -9
        found["builds that ended before the kill"] += ended == 0
        assert ended in (-9, 0), ended
        _whole(out, before, ground)
        again = run(*_build(ground, out))
        assert again.code == 0, again.said
        assert differing(tree(out), ground.expected) == [], f"kill {number}"
        found["rebuilds with the same bytes and no stray file"] += 1
    return found


def _build(ground: Ground, out: Path, *more: str) -> list[str | Path]:
    return ["build", ground.documents, "-o", out, *ONE, *more]


def _measured(ground: Ground) -> tuple[int, float]:
    """Return how often a build accesses files and how long it takes."""
    counter = ground.folder / "events"
    begin = time.perf_counter()
    ended = run(*_build(ground, ground.fresh("measured", older=False)), prepare=count_events(counter))
    assert ended.code == 0, ended.said
    return counter.stat().st_size, time.perf_counter() - begin


def _killed_after(ground: Ground, out: Path, seconds: float) -> int:
    child = start(_build(ground, out))
    time.sleep(seconds)
    os.kill(child.id, 9)
    return finish(child).code


def _whole(out: Path, before: dict[str, bytes], ground: Ground) -> None:
    """Check that every visible file is wholly that of the older build or of the new one."""
    for name, content in tree(out).items() if out.exists() else ():
        if not name.startswith(".") and name != MANIFEST:
            assert content in (before.get(name), ground.expected.get(name)), f"{name} is neither old nor new"


def kills_of_several(ground: Ground, count: int, seed: int) -> Counter[str]:
    """Kill builds that extract in two processes of their own: none of those is left behind, the next build is whole."""
    rng = random.Random(seed)
    found: Counter[str] = Counter()
    seconds = 0.0
    for number in range(count + 1):
        out = ground.fresh("killed-several", older=number % 2 == 1)
        before = tree(out) if out.exists() else {}
        begin = time.perf_counter()
        child = start([*_build(ground, out), "--fresh", "--jobs", "2"], prepare=_apart)
        if number == 0:  # how long it takes
            assert finish(child).code == 0
            seconds = time.perf_counter() - begin
            continue
        time.sleep(rng.uniform(0.2, 0.9) * seconds)
        os.kill(child.id, 9)
        assert _is_alone(child.id), "a process of a killed build goes on"
        ended = finish(child).code
        found["builds of two processes killed, none left behind"] += ended == -9
        found["builds of two processes that ended before the kill"] += ended == 0
        _whole(out, before, ground)
        assert run(*_build(ground, out)).code == 0
        if ended:
            assert differing(tree(out), ground.expected) == []
        else:  # with --fresh it kept no extractions, and the next one has nothing to do
            assert differing(tree(out, without=CACHE), _uncached(ground.expected)) == []
    return found


def _uncached(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if CACHE not in name.split("/")}


def _apart() -> None:
    """Make this process the first of a group, and any text worth several processes."""
    os.setpgid(0, 0)
    extracting._WORTH_PROCESSES = 0


def _is_alone(group: int) -> bool:
    """Return whether all other processes of a group end within a minute, when its first one has been killed."""
    for _ in range(600):
        living = subprocess.run(["pgrep", "-g", str(group), "-r", "D,R,S"], capture_output=True, text=True).stdout
        if not living:
            return True
        time.sleep(0.1)
    os.killpg(group, 9)
    return False


def at_once(ground: Ground, rounds: int) -> Counter[str]:
    """Start two builds into one folder at the same time: one is refused or comes second, none is mixed."""
    found: Counter[str] = Counter()
    for number in range(rounds):
        out = ground.fresh("at-once", older=number % 2 == 1)
        children = [start(_build(ground, out, "--fresh")) for _ in range(2)]
        ended = [finish(child) for child in children]
        assert 0 in [end.code for end in ended], ended
        for end in ended:
            if end.code:
                assert "another build is writing to" in end.said, end.said
                found["builds refused, the folder being in use"] += 1
            else:
                found["builds done beside another"] += 1
        assert tree(out, without=CACHE) == _uncached(ground.expected)
    return found


def full_disk(ground: Ground, count: int, seed: int) -> Counter[str]:
    """Let writing fail at random sizes: the older build stays as it was, and one sentence says why."""
    rng = random.Random(seed)
    largest = max(map(len, ground.expected.values()))
    found: Counter[str] = Counter()
    for number in range(count):
        size = int(largest ** rng.uniform(0, 1)) if number else 0
        out = ground.fresh("full", older=number % 2 == 1)
        before = tree(out, without=CACHE) if out.exists() else {}
        ended = run(*_build(ground, out), prepare=limit_files(size))
        if ended.code == 0:
            assert tree(out) == ground.expected
            continue
        _told(ended, "File too large")
        assert (tree(out, without=CACHE) if out.exists() else {}) == before
        found["limits of file sizes told in a sentence, nothing lost"] += 1
        assert run(*_build(ground, out)).code == 0
        assert tree(out) == ground.expected
    return found


def _told(ended: Ended, reason: str) -> None:
    """Check that a build has failed with one sentence that names the reason."""
    assert (ended.code, len(ended.said.splitlines())) == (1, 1), ended.said
    assert reason in ended.said, ended.said


def full_file_system(ground: Ground, count: int, seed: int) -> Counter[str]:
    """Build on file systems with random numbers of kilobytes left, then on ones that are mounted read-only."""
    found: Counter[str] = Counter()
    if not disks.may_mount():
        print("  left out: only root on Linux may mount file systems")
        return found
    rng = random.Random(seed)
    whole = sum(map(len, ground.expected.values())) // disks.KILOBYTE
    for number in range(count):
        out = ground.fresh("mounted", older=False)
        with disks.mounted(out, 64 * disks.KILOBYTE):
            if number % 2:
                shutil.copytree(ground.older, out, dirs_exist_ok=True)
            before = tree(out, without=CACHE)
            disks.remount(out, f"size={disks.occupied(out) + int(whole ** rng.uniform(0, 1))}k")
            _told(run(*_build(ground, out)), "No space left on device")
            assert tree(out, without=CACHE) == before
            disks.remount(out, "size=64m,ro")
            _told(run(*_build(ground, out)), "Read-only file system")
            assert tree(out, without=CACHE) == before
            disks.remount(out, "rw")
            assert run(*_build(ground, out)).code == 0
            assert tree(out) == ground.expected
        found["full disks told in a sentence, nothing lost"] += 1
        found["read-only disks told in a sentence, nothing lost"] += 1
    return found


def read_only(ground: Ground) -> Counter[str]:
    """Build into folders that may not be written, from documents that may not be read."""
    found: Counter[str] = Counter()
    out = ground.fresh("read-only", older=True)
    shut = ground.fresh("shut", older=False)
    shut.mkdir()
    hidden = ground.folder / "hidden.txt"
    hidden.write_bytes((ground.documents / "plan.txt").read_bytes())
    before = tree(out)
    for path in (*out.rglob("*"), out, shut, hidden):
        path.chmod(0o555 if path.is_dir() else 0o444)
    hidden.chmod(0)
    try:
        for arguments in (_build(ground, out), _build(ground, shut), _build(ground, shut / "new"), ["build", hidden]):
            os.chdir(shut)
            ended = run(*arguments, prepare=give_up_rights)
            assert ended.code == 1, ended.said
            assert "denied" in ended.said, ended.said
            assert "Traceback" not in ended.said
            found["read-only folders and documents told"] += 1
        assert tree(out) == before
        assert tree(shut) == {}
    finally:
        os.chdir(ground.folder)
        for path in (out, *out.rglob("*"), shut, hidden):
            path.chmod(0o755)
    return found
