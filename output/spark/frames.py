"""Between data frames and the tasks: rows to named tuples and back, and where each goes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

In = TypeVar("In", bound=tuple[Any, ...])
Out = TypeVar("Out", bound=tuple[Any, ...])
Row = TypeVar("Row", bound=tuple[str, ...])

_ROWS = 1000  # of a batch that a task hands back
_BYTES = 32 << 20  # of a batch, about


def mapped(
    frame: "DataFrame", schema: str, kind: type[In], made: type[Out], task: Callable[[Iterator[In]], Iterator[Out]]
) -> "DataFrame":
    """Return the frame that a task makes of each partition: rows of `frame` in as `kind`, `made` out as `schema`."""

    def run(batches: "Iterable[pa.RecordBatch]") -> "Iterator[pa.RecordBatch]":
        yield from _batches(task(_tuples(batches, kind)), made)

    return frame.mapInArrow(run, schema)


def _tuples(batches: "Iterable[pa.RecordBatch]", kind: type[In]) -> Iterator[In]:
    names: Sequence[str] = kind._fields  # type: ignore[attr-defined]
    for batch in batches:
        for row in zip(*(batch.column(name).to_pylist() for name in names), strict=True):
            yield kind(*row)


def _batches(rows: Iterable[Out], kind: type[Out]) -> "Iterator[pa.RecordBatch]":
    """Yield rows in batches that are small in number and in size."""
    found: list[Out] = []
    size = 0
    for row in rows:
        found.append(row)
        size += sum(len(value) for value in row if isinstance(value, str))
        if len(found) >= _ROWS or size >= _BYTES:
            yield _batch(found, kind)
            found, size = [], 0
    if found:
        yield _batch(found, kind)


def _batch(rows: Sequence[Out], kind: type[Out]) -> "pa.RecordBatch":
    import pyarrow as pa

    names: Sequence[str] = kind._fields  # type: ignore[attr-defined]
    return pa.RecordBatch.from_arrays([pa.array(column) for column in zip(*rows, strict=True)], names=list(names))


def framed(spark: "SparkSession", rows: Iterable[Row], kind: type[Row], schema: str) -> "DataFrame":
    """Return rows that were made here as a frame; there may be none. All columns are texts."""
    import pyarrow as pa

    names: Sequence[str] = kind._fields  # type: ignore[attr-defined]
    columns: list[Sequence[str]] = list(zip(*rows, strict=True)) or [() for _ in names]
    table = pa.table([pa.array(column, pa.string()) for column in columns], names=list(names))
    return spark.createDataFrame(table, schema)


def gathered(frame: "DataFrame", partitions: int, *order: str) -> "DataFrame":
    """Return the frame with the rows that agree in the first column of `order` together, sorted by all of them."""
    return frame.repartition(partitions, order[0]).sortWithinPartitions(*order)


def here(frame: "DataFrame") -> list[dict[str, Any]]:
    """Return a frame's rows; they must fit into memory."""
    found: list[dict[str, Any]] = frame.toArrow().to_pylist()
    return found


def values(frame: "DataFrame") -> list[str]:
    """Return the distinct values of a frame's one column, sorted; they must fit into memory."""
    (name,) = frame.columns
    return sorted(row[name] for row in here(frame.distinct()))
