"""What changes the graph of the same documents."""

from dataclasses import dataclass
from pathlib import Path

from extract.tier import DEFAULT_TIER


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How a graph is built; the same documents and options give the same graph.

    `district` overrides what the titles say, `tier` is one of `extract.tier.Tier` or names an installed
    plug-in model. What is less sure than `min_confidence` (0 to 1) is left out. `base` begins the
    entities' IRIs (default `ontology.schema.ENTITY_BASE`). `licence` is the IRI of the graph's licence;
    None takes what the `corpus.toml` beside the documents states, if anything. `review` is a table of
    a person's corrections, replayed over the graph; those that no longer fit are among its warnings.
    """

    district: str | None = None
    tier: str = DEFAULT_TIER
    min_confidence: float = 0.0
    base: str | None = None
    licence: str | None = None
    review: Path | None = None

    def named(self) -> dict[str, str | None]:
        """Return the options by name, as a build lists them; the corrections, which are a file, are not among them.

        Raises PlankgError when the least confidence is not between 0 and 1.
        """
        from extract.confidence import checked_confidence
        from output.extracting import model_key

        return {
            "district": self.district,
            "tier": model_key(self.tier),
            "min_confidence": repr(checked_confidence(self.min_confidence)),
            "base": self.base,
            "licence": self.licence,
        }
