"""Near misses chosen in rounds by Spark are those that are chosen one after the other."""

import random

import pyarrow
import pytest
from pyspark.sql import DataFrame

from graph.model import NearMiss
from graph.near import PER_ENTITY, best_of
from output.spark.blocks import MISS, Miss
from output.spark.frames import here
from output.spark.nearest import nearest, of_each_pair
from output.spark.session import session
from tests.output.spark.test_engine import JAVA


def made_up(rng: random.Random) -> list[Miss]:
    """Near misses among few entities, so that there is room for few; many of the same score."""
    names = [f"park-{number:02}" for number in range(16)]
    found = []
    for _ in range(130):
        one, other = sorted(rng.sample(names, 2))
        score = rng.choice((0.65, 0.7, 0.75, 0.8))
        doc = rng.choice(("", "a", "b"))
        found.append(Miss(one, other, score, f"{doc or 'blocks'} {score}", doc))
    return list(dict.fromkeys(found))


def one_by_one(misses: list[Miss]) -> tuple[NearMiss, ...]:
    """Choose as a build on one machine does."""
    near: dict[tuple[str, str], NearMiss] = {}
    for miss in sorted((m for m in misses if m.doc), key=lambda m: (-m.score, m.doc)):
        near.setdefault((miss.one, miss.other), miss.near_miss())
    for miss in sorted((m for m in misses if not m.doc), key=lambda m: -m.score):
        near.setdefault((miss.one, miss.other), miss.near_miss())
    return best_of(near.values())


def test_rounds_choose_the_same_as_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JDK_JAVA_OPTIONS", JAVA)
    misses = made_up(random.Random(3))
    expected = one_by_one(misses)
    assert PER_ENTITY < len(expected) < len({(m.one, m.other) for m in misses}), "some must find no room"
    rounds: list[int] = []

    def settled(made: DataFrame, number: int) -> DataFrame:
        rounds.append(number)
        return made.localCheckpoint()

    with session("local[2]") as spark:
        spark.conf.set("spark.sql.shuffle.partitions", 2)
        rows = pyarrow.Table.from_pylist([miss._asdict() for miss in misses])
        frame = of_each_pair(spark.createDataFrame(rows, MISS))
        chosen = nearest(frame, settled)
        found = sorted((Miss(**row).near_miss() for row in here(chosen)), key=lambda m: (m.one, m.other))
    assert tuple(found) == expected
    assert len(rounds) > 2
