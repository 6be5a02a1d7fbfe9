"""Every term that users meet has a name in both languages."""

import pytest

from ontology.labels import labels
from ontology.schema import EntityType, Kind, Predicate, Status


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_member_has_a_label(language: str) -> None:
    terms = [*EntityType, *Predicate, *Status, *Kind, "Claim", "Observation", "Document"]
    assert [term for term in terms if not labels(language).get(term)] == []


def test_labels_by_hand() -> None:
    assert labels("zh")["Park"] == "园区"
    assert labels("en")["Park"] == "park"
    assert labels("zh")["cooperatesWith"] == "合作"
