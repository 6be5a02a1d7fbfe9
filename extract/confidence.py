"""Extractions without what is too unsure."""

from dataclasses import replace

from extract.errors import PlankgError
from extract.extraction import Extraction, Mention


def checked_confidence(value: float) -> float:
    """Return a confidence that is a number from 0 to 1.

    Raises PlankgError for any other, also for one that is no number (NaN).

    >>> checked_confidence(1)
    1.0
    """
    if isinstance(value, int | float) and 0 <= value <= 1:
        return abs(float(value))  # -0.0 is 0.0
    raise PlankgError(f"the least confidence must be a number from 0 to 1, such as 0.5, not {value!r}")


def at_least(extraction: Extraction, confidence: float) -> Extraction:
    """Return the extraction without mentions, facts and observations below a confidence (0 to 1).

    A fact or observation also falls when one of its mentions falls. What stays is unchanged, its
    evidence too.

    Raises PlankgError when the confidence is no number from 0 to 1.
    """
    least = checked_confidence(confidence)

    def sure(*sides: Mention | None) -> bool:
        return all(side is None or side.confidence >= least for side in sides)

    return replace(
        extraction,
        mentions=tuple(m for m in extraction.mentions if sure(m)),
        facts=tuple(f for f in extraction.facts if f.confidence >= least and sure(f.subject, f.object)),
        observations=tuple(
            o for o in extraction.observations if o.confidence >= least and sure(o.subject, o.indicator)
        ),
    )
