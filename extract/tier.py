"""How much is spent on a document; without what extracts, so that asking for help loads nothing."""

from enum import StrEnum


class Tier(StrEnum):
    """`accurate` asks the encoders too, `fast` leaves them out."""

    FAST = "fast"
    ACCURATE = "accurate"


DEFAULT_TIER = Tier.ACCURATE
