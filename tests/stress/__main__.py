"""`python -m tests.stress`: try to break builds, and print what was tried and survived.

`--short` does a little of everything in about a minute; the whole takes a quarter of an hour. `--seed`
gives other random moments and texts. The exit code is 0 only if nothing was lost. What needs root on
Linux (mounting small disks) is left out elsewhere, and said so.
"""

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.stress.attacks import attacks
from tests.stress.fuzz import damaged, hostile
from tests.stress.ground import prepare
from tests.stress.inputs import large, links, many, names, surroundings
from tests.stress.interrupted import at_once, full_disk, full_file_system, kills, kills_of_several, read_only

SHORT = {
    "kills": 6,
    "kills of several": 1,
    "at once": 2,
    "full disks": 2,
    "files": 40,
    "megabytes": 30,
    "surroundings": 1,
    "texts": 3,
    "names": 4,
    "hostile files": 3,
}
WHOLE = {
    "kills": 100,
    "kills of several": 10,
    "at once": 20,
    "full disks": 20,
    "files": 10_000,
    "megabytes": 100,
    "surroundings": 3,
    "texts": 60,
    "names": 99,
    "hostile files": 99,
}
DAMAGED_SHORT = {"text": 40, "html": 1, "docx": 1, "pdf": 1, "zip": 20}
DAMAGED_WHOLE = {"text": 400, "html": 150, "docx": 150, "pdf": 150, "zip": 150}


def main() -> None:
    """Run all parts and print the counts."""
    parser = argparse.ArgumentParser(prog="python -m tests.stress", description=__doc__)
    parser.add_argument("--short", action="store_true", help="a little of everything")
    parser.add_argument("--only", metavar="PART", help="parts whose name holds this")
    parser.add_argument("--seed", type=int, default=1, help="other random moments and texts")
    chosen = parser.parse_args()
    size, files = (SHORT, DAMAGED_SHORT) if chosen.short else (WHOLE, DAMAGED_WHOLE)
    found: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="plankg-stress-") as folder:
        ground = prepare(Path(folder))
        parts: dict[str, Callable[[], Counter[str]]] = {
            "killed builds": lambda: kills(ground, size["kills"], chosen.seed),
            "killed builds of two processes": lambda: kills_of_several(ground, size["kills of several"], chosen.seed),
            "two builds at once": lambda: at_once(ground, size["at once"]),
            "limited files": lambda: full_disk(ground, size["full disks"], chosen.seed),
            "full and read-only disks": lambda: full_file_system(ground, size["full disks"], chosen.seed),
            "read-only folders": lambda: read_only(ground),
            "other surroundings": lambda: surroundings(ground, size["surroundings"]),
            "file names": lambda: names(ground, size["names"]),
            "looping links": lambda: links(ground),
            "damaged files": lambda: damaged(files, chosen.seed),
            "attacks": lambda: attacks(ground, size["hostile files"]),
            "hostile texts": lambda: hostile(size["texts"], chosen.seed),
            "a large file": lambda: large(ground, size["megabytes"]),
            "many files": lambda: many(ground, size["files"]),
        }
        for name, part in parts.items():
            if chosen.only and chosen.only not in name:
                continue
            begin = time.perf_counter()
            found += part()
            print(f"{name}: {time.perf_counter() - begin:.1f} s", flush=True)
    print(f"\nseed {chosen.seed}: what was tried and survived; nothing was lost")
    for name, count in found.items():
        print(f"{count:6} {name}")


if __name__ == "__main__":
    main()
