"""The graph on Spark while it is put together: each step's parts, kept in a work folder."""

import re
import shutil
from collections.abc import Iterable, Iterator
from functools import partial, reduce
from pathlib import Path
from typing import TYPE_CHECKING

from graph.dataset import Census, dataset_rows
from graph.rdf import class_rows
from graph.reference import containment
from graph.terms import Names
from graph.values import period_rows, unit_rows
from output.spark.blocks import MEMBER, MISS, Member, Miss, meet, members, miss_of
from output.spark.frames import framed, gathered, here, mapped, values
from output.spark.nearest import nearest, of_each_pair
from output.spark.shipping import PART, Part, Read
from output.spark.tables import TABLES
from output.spark.tasks import describe, entity_parts, join, look_alikes, quads, say

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_GLOB = re.compile(r"([\\\[\]{}*?])")


class Assembly:
    """Parts of a graph by kind (see `output.spark.shipping.Part`), of all documents together.

    What a step has made is written into the work folder, so that a machine that is lost costs the
    tasks it was at, and nothing that was done before.
    """

    def __init__(self, spark: "SparkSession", work: Path, base: str, licence: str, least: float) -> None:
        self._spark = spark
        self._work = work
        self._base = base
        self._licence = licence
        self._least = least
        self._width = 2
        self._made: list[DataFrame] = []

    @property
    def names(self) -> Names:
        """Return what mints the graph's IRIs."""
        return Names(self._base)

    def framed(self, parts: Iterable[Part]) -> "DataFrame":
        """Return parts that were made here as a frame."""
        return framed(self._spark, parts, Part, PART)

    def spread(self, partitions: int) -> None:
        """Spread what comes together by keys over so many partitions."""
        self._width = partitions
        self._spark.conf.set("spark.sql.shuffle.partitions", partitions)

    def kept(self, frame: "DataFrame", name: str, *folders: str) -> "DataFrame":
        """Return the frame as written into the work folder, by the columns `folders` in folders of their own."""
        path = local(self._work / name)
        frame.write.partitionBy(*folders).parquet(path)
        return self._spark.read.schema(frame.schema).parquet(_GLOB.sub(r"\\\1", path))

    def clear(self) -> None:
        """Remove the work folder."""
        shutil.rmtree(self._work)

    def of(self, *kinds: str) -> "DataFrame":
        """Return the parts of these kinds that were made so far."""
        every = (frame.where(frame.kind.isin(*kinds)).select(*Part._fields) for frame in self._made)
        return reduce(lambda one, other: one.union(other), every)

    def table(self, kind: str) -> "DataFrame":
        """Return the table of these parts, with the document's id as the first column where it is a document's row."""
        from pyspark.sql import functions as f

        row = f.from_json("text", TABLES[kind][1], {"mode": "FAILFAST"})
        return (
            self.of(kind)
            .withColumn("row", row)
            .select(*([f.col("doc").alias("id")] if kind == "source" else []), "row.*")
        )

    def resolve(self, documents: "DataFrame", texts: Path) -> None:
        """Make all parts of the graph of documents that were read; their texts go into the folder `texts`."""
        self._add(mapped(documents, PART, Read, Part, partial(say, base=self._base, texts=texts)), "said")
        things = gathered(self.of("thing"), self._width, "key", "doc")
        self._add(mapped(things, PART, Part, Part, partial(join, base=self._base, least=self._least)), "joined")
        self._add_here(self._containment(), "above")
        self._add(self._sources(), "sources")
        self._add(self._near(), "near")
        self._add_here(self._lists(), "lists")
        self._add_here(quads(dataset_rows(self._census(), self.names), self.names), "description")

    def _add(self, frame: "DataFrame", name: str) -> None:
        self._made.append(self.kept(frame, name, "kind"))

    def _add_here(self, parts: Iterable[Part], name: str) -> None:
        self._add(self.framed(parts), name)

    def _keys(self, kind: str) -> list[str]:
        return values(self.of(kind).select("key"))

    def _containment(self) -> Iterator[Part]:
        """Yield the divisions above those that documents name, as public lists have them."""
        present = set(self._keys("division"))
        entities, claims = containment(self._keys("code"))
        above = {claim.subject: claim for claim in claims}  # a division lies in one other at most
        for entity in entities:
            about = [above[entity.id]] if entity.id in above else []
            for part in entity_parts(entity, about, self.names):
                if part.kind != "entity" or entity.key not in present:
                    yield part

    def _sources(self) -> "DataFrame":
        """Return the documents as triples, each with its own district: by its code, else by its name."""
        from pyspark.sql import functions as f

        districts = self.table("entity").where("type = 'District'")
        named = districts.select("id", f.explode(f.array_distinct(f.concat(f.array("name"), "aliases"))).alias("name"))
        by_code = districts.where("code != ''").groupBy("code").agg(f.min("id").alias("by_code"))
        by_name = named.groupBy("name").agg(f.min("id").alias("by_name"))
        row = f.from_json("text", TABLES["source"][1], {"mode": "FAILFAST"})
        sources = (
            self.of("source")
            .withColumn("row", row)
            .withColumns({"code": f.col("row.code"), "name": f.col("row.district")})
        )
        found = sources.join(by_code, "code", "left").join(by_name, "name", "left")
        own = f.coalesce("by_code", "by_name", f.lit("")).alias("key")
        return mapped(found.select("kind", own, "doc", "text"), PART, Part, Part, partial(describe, base=self._base))

    def _near(self) -> "DataFrame":
        """Return the near misses as triples: those that documents show, and those between documents."""
        named = self.of("name")
        blocks = mapped(named, MEMBER, Part, Member, lambda parts: members(part.key for part in parts))
        met = mapped(gathered(blocks, self._width, *Member._fields), MISS, Member, Miss, meet)
        shown = mapped(self.of("near"), MISS, Part, Miss, lambda parts: (miss_of(p.doc, p.text) for p in parts))
        misses = of_each_pair(shown.union(met.dropDuplicates(["one", "other"])))
        found = nearest(misses, lambda frame, number: self.kept(frame, f"near-{number}"))
        return mapped(found, PART, Miss, Part, partial(look_alikes, base=self._base))

    def _lists(self) -> Iterator[Part]:
        """Yield periods, units and classes of industries as triples."""
        names = self.names
        rows = (
            *class_rows(self._keys("class"), names),
            *period_rows(self._keys("period"), names),
            *unit_rows(self._keys("unit"), names),
        )
        return quads(rows, names)

    def _census(self) -> Census:
        """Count the graph."""
        from pyspark.sql import functions as f

        entities, claims = self.table("entity"), self.table("claim")
        classes = {row["type"]: row["count"] for row in here(entities.groupBy("type").count())}
        documents = values(self.of("source").select("doc"))
        statements = {
            "Document": len(documents),
            "Claim": claims.count(),
            "Observation": self.of("observation").count(),
        }
        edges = claims.groupBy("predicate").agg(f.countDistinct("subject", "object").alias("count"))
        lists = values(claims.where("source like 'reference:%'").select("source"))
        return Census(
            documents=tuple(documents),
            classes=classes | {name: count for name, count in statements.items() if count},
            relations={row["predicate"]: row["count"] for row in here(edges)},
            lists=tuple(lists),
            entities=sum(classes.values()),
            example=here(entities.agg(f.min("id").alias("id")))[0]["id"] or "",
            licence=self._licence,
        )


def local(path: Path) -> str:
    """Return a path as Spark takes it for a file of the machine, whatever the cluster's file system."""
    return f"file://{path}"
