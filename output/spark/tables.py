"""The columns of the Parquet tables."""

_EVIDENCE = (
    "evidence array<struct<start bigint, end bigint, section array<string>, page bigint, rule string, quote string>>"
)

TABLES = {
    "source": (
        "documents",
        "title string, kind string, district string, code string, adopted string, period string, issuer string, "
        "sha256 string, characters bigint",
    ),
    "entity": (
        "entities",
        "id string, iri string, type string, name string, aliases array<string>, code string, scope string, "
        "key string, links array<string>, gbt4754 array<string>, documents bigint, mentions bigint",
    ),
    "claim": (
        "claims",
        "id string, subject string, predicate string, object string, source string, status string, period string, "
        f"confidence double, rule string, {_EVIDENCE}",
    ),
    "observation": (
        "observations",
        "id string, subject string, indicator string, value string, unit string, period string, kind string, "
        f"attribute string, source string, confidence double, {_EVIDENCE}",
    ),
}
"""By the kind of a part: the name of its table, and the columns."""
