"""Of each entity only its nearest near misses, as `graph.near.best_of` chooses them, in rounds.

There the pairs are gone through from the nearest on, and a pair is kept while both its entities have
room. Here every round decides all pairs for which nothing nearer is open: a pair stays when at both
sides fewer than `PER_ENTITY` nearer pairs are kept or open, and goes when at one side as many are
kept. The nearest open pair is always decided, so the rounds come to an end, with the same pairs.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from graph.near import PER_ENTITY

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

_OPEN, _KEPT = "open", "kept"
_FINE, _WAIT, _GO = 0, 1, 2  # what a side says of a pair


def of_each_pair(misses: "DataFrame") -> "DataFrame":
    """Return one near miss per pair: the nearest that a document shows (of the first), else that between two."""
    from pyspark.sql import Window
    from pyspark.sql import functions as f

    order = Window.partitionBy("one", "other").orderBy(f.col("doc") == "", f.col("score").desc(), "doc")
    return misses.withColumn("place", f.row_number().over(order)).where("place = 1").drop("place")


def nearest(misses: "DataFrame", settled: Callable[["DataFrame", int], "DataFrame"]) -> "DataFrame":
    """Return the near misses that `graph.near.best_of` returns for these, which have one row per pair.

    `settled(frame, round)` returns a frame that holds the same rows and is not computed again.
    """
    from pyspark.sql import functions as f

    number = 0
    frame = settled(misses.withColumn("state", f.lit(_OPEN)), number)
    while not frame.where(f.col("state") == _OPEN).isEmpty():
        number += 1
        frame = settled(_decided(frame), number)
    return frame.drop("state")


def _decided(frame: "DataFrame") -> "DataFrame":
    """Return the pairs after one round; those that go are left out."""
    from pyspark.sql import Window
    from pyspark.sql import functions as f

    sides = frame.withColumn("side", f.explode(f.array("one", "other")))
    nearer = (
        Window.partitionBy("side")
        .orderBy(f.col("score").desc(), "one", "other")
        .rowsBetween(Window.unboundedPreceding, -1)
    )

    def before(state: str) -> "Column":
        return f.coalesce(f.sum(f.when(f.col("state") == state, 1).otherwise(0)).over(nearer), f.lit(0))

    told = sides.withColumn("kept", before(_KEPT)).withColumn("open", before(_OPEN))
    says = (
        f.when(f.col("state") == _KEPT, _FINE)
        .when(f.col("kept") >= PER_ENTITY, _GO)
        .when(f.col("kept") + f.col("open") < PER_ENTITY, _FINE)
        .otherwise(_WAIT)
    )
    columns = [name for name in frame.columns if name != "state"]
    verdict = told.withColumn("says", says).groupBy(*columns).agg(f.max("says").alias("says"))
    state = f.when(f.col("says") == _FINE, _KEPT).otherwise(_OPEN)
    return verdict.where(f.col("says") != _GO).withColumn("state", state).drop("says")
