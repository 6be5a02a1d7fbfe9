import numpy as np
import pytest

from extract.context import Context, Place
from extract.document import DocumentKind
from extract.lists import alike, lists, pairs_alike
from ontology.schema import EntityType

TOWN, SECTOR = EntityType.DISTRICT, EntityType.INDUSTRY


def context(*kinds: EntityType, groups: tuple[tuple[int, int], ...]) -> Context:
    """Return a sentence of mentions of one character each."""
    places = tuple(Place(2 * i, 2 * i + 1, kind, "甲") for i, kind in enumerate(kinds))
    return Context("甲、" * len(kinds), places, (), groups, False, DocumentKind.PLAN, "body", ())


def test_mentions_of_a_list_that_are_of_one_type_belong_together() -> None:
    mixed = context(TOWN, TOWN, SECTOR, SECTOR, TOWN, groups=((0, 3),) * 4 + ((4, 4),))
    assert lists(mixed) == [[0, 1], [2, 3]]


def test_probabilities_move_half_the_way_to_the_mean_of_their_list() -> None:
    rows = np.array([[0.9, 0.1], [0.1, 0.9], [0.2, 0.8]], np.float32)
    assert alike(rows, [[0, 1]]) == pytest.approx(np.array([[0.7, 0.3], [0.3, 0.7], [0.2, 0.8]]))
    assert rows[0, 0] == np.float32(0.9)


def test_pairs_of_a_subject_with_a_list_and_of_a_list_with_an_object() -> None:
    one = context(TOWN, SECTOR, SECTOR, groups=((0, 0), (1, 2), (1, 2)))
    rows = np.array([[0.8, 0.2], [0.4, 0.6]], np.float32)
    assert pairs_alike(rows, lists(one), [(0, 1), (0, 2)]) == pytest.approx(np.array([[0.7, 0.3], [0.5, 0.5]]))
    several = context(TOWN, TOWN, SECTOR, groups=((0, 1), (0, 1), (2, 2)))
    assert pairs_alike(rows, lists(several), [(0, 2), (1, 2)]) == pytest.approx(np.array([[0.7, 0.3], [0.5, 0.5]]))


def test_pairs_that_were_not_asked_for_have_no_say() -> None:
    three = context(TOWN, SECTOR, SECTOR, SECTOR, groups=((0, 0), *((1, 3),) * 3))
    rows = np.array([[0.8, 0.2], [0.4, 0.6]], np.float32)
    assert pairs_alike(rows, lists(three), [(0, 1), (0, 3)]) == pytest.approx(np.array([[0.7, 0.3], [0.5, 0.5]]))
    assert pairs_alike(rows[:1], lists(three), [(0, 1)]).tolist() == rows[:1].tolist()
