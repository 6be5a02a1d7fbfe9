"""A made-up nation: a plan and a work report of each of so many counties, and what they say."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from extract.errors import PlankgError
from extract.records import to_line
from output.folder import replaced_folder
from output.synth.compose import plan, report
from output.synth.draft import Draft
from output.synth.truth import truth_records
from output.synth.world import counties, county

TRUTH = "truth.jsonl"
CHARACTERS = 8_000


@dataclass(frozen=True, slots=True)
class Synthetic:
    """A made-up document: its id, and its text with what it says."""

    id: str
    draft: Draft


def nation(count: int, seed: int = 1, characters: int = CHARACTERS) -> Iterator[Synthetic]:
    """Yield two documents of each of `count` counties, in order of code; the same arguments give the same texts.

    `characters` is the length of a plan, about; a report has half of it.

    Raises PlankgError when there are not so many counties.

    >>> [made.id for made in nation(1, seed=1, characters=500)][0][6:]
    '-plan-14'
    """
    listed = counties()
    if not 1 <= count <= len(listed):
        raise PlankgError(f"the official list has {len(listed)} counties; ask for 1 to {len(listed)}, not {count}")
    chosen = sorted(random.Random(f"nation {seed}").sample(listed, count), key=lambda division: division.code)
    for division in chosen:
        made = county(division, seed)
        for kind, compose, share in (("plan-14", plan, 1), ("report-2022", report, 2)):
            rng = random.Random(f"{seed}/{division.code}/{kind}")
            yield Synthetic(f"{division.code}-{kind}", compose(made, rng, characters // share))


def write_nation(count: int, out: Path, seed: int = 1, characters: int = CHARACTERS) -> int:
    """Write the documents as text files and their truth as `truth.jsonl` into a folder; return how many.

    The folder is replaced as a whole, or left as it was. Raises as `nation`, and FolderError when
    the folder holds somebody else's files.
    """
    written = 0
    with replaced_folder(out) as stage, (stage / TRUTH).open("w", encoding="utf-8", newline="\n") as truth:
        for made in nation(count, seed, characters):
            (stage / f"{made.id}.txt").write_text(made.draft.text, encoding="utf-8", newline="\n")
            truth.writelines(to_line(record) + "\n" for record in truth_records(made.draft, made.id))
            written += 1
    return written
