"""The closed vocabulary of the graph as Python enums.

`plan.ttl` beside this file is the source; a test compares every member here with it.
Domain and range of the predicates are read from it, so they are stated once.
"""

from enum import StrEnum
from functools import lru_cache
from pathlib import Path

NAMESPACE = "https://w3id.org/plankg/ns#"
ENTITY_BASE = "https://w3id.org/plankg/id/"
VOCABULARY = Path(__file__).with_name("plan.ttl")
SHAPES = Path(__file__).with_name("shapes.ttl")


class EntityType(StrEnum):
    """The nine types of a mention (GUIDE, "Mentions")."""

    DISTRICT = "District"  # 政区与地理区域
    PARK = "Park"  # 园区、片区
    PROJECT = "Project"  # 项目、工程
    FACILITY = "Facility"  # 设施、场所
    INDUSTRY = "Industry"  # 产业、行业
    POLICY = "Policy"  # 政策、规划、行动、改革
    ENTERPRISE = "Enterprise"  # 企业
    INSTITUTION = "Institution"  # 机构
    INDICATOR = "Indicator"  # 指标


class Predicate(StrEnum):
    """The eight relations of a fact (GUIDE, "Facts")."""

    LOCATED_IN = "locatedIn"
    PART_OF = "partOf"
    DEVELOPS = "develops"
    ENGAGES_IN = "engagesIn"
    PLANS = "plans"
    IMPLEMENTS = "implements"
    SUPPORTS = "supports"
    COOPERATES_WITH = "cooperatesWith"


class Status(StrEnum):
    """How far an undertaking is; carried by `plans` and `implements` only."""

    DONE = "done"
    ONGOING = "ongoing"
    PLANNED = "planned"
    SOUGHT = "sought"


class Kind(StrEnum):
    """What an observed figure is: measured, aimed at, or growth against an earlier period."""

    ACTUAL = "actual"
    TARGET = "target"
    CHANGE = "change"


STATUS_PREDICATES = frozenset({Predicate.PLANS, Predicate.IMPLEMENTS})


@lru_cache(maxsize=1)
def signatures() -> dict[Predicate, frozenset[tuple[EntityType, EntityType]]]:
    """Return for each predicate the (subject type, object type) pairs that `plan.ttl` allows.

    Each pair is a `plan:Signature` node in the vocabulary, because OWL's domain and range
    cannot say that a Park is part of a Park but a Project only of a Project (GUIDE, "Facts").
    """
    import pyoxigraph

    store = pyoxigraph.Store()
    store.load(path=str(VOCABULARY), format=pyoxigraph.RdfFormat.TURTLE)
    rows = store.query(
        f"PREFIX plan: <{NAMESPACE}> SELECT ?p ?s ?o WHERE "
        "{ ?x a plan:Signature ; plan:ofProperty ?p ; plan:subjectClass ?s ; plan:objectClass ?o }"
    )
    assert isinstance(rows, pyoxigraph.QuerySolutions)
    found: dict[Predicate, set[tuple[EntityType, EntityType]]] = {p: set() for p in Predicate}
    for row in rows:
        predicate, subject, obj = (str(row[i].value).removeprefix(NAMESPACE) for i in range(3))
        found[Predicate(predicate)].add((EntityType(subject), EntityType(obj)))
    return {predicate: frozenset(pairs) for predicate, pairs in found.items()}
