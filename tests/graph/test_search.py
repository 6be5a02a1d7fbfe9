"""Entities are found by any of their names, and near names are suggested."""

from graph.search import find, similar
from ontology.schema import EntityType
from tests.graph.sample import hostile, sample

KG = sample()


def test_by_name_alias_id_and_other_spelling() -> None:
    (park,) = find(KG, "米东化工工业园")
    assert park.type is EntityType.PARK
    assert find(KG, "化工工业园") == (park,)
    assert find(KG, park.id) == (park,)
    assert find(KG, " “米东化工\n工业园” ") == (park,)
    assert find(KG, "米东化工工业园", EntityType.PARK) == (park,)
    assert find(KG, "米东化工工业园", EntityType.FACILITY) == ()
    assert find(KG, "化工") == ()


def test_every_entity_is_found_by_each_of_its_names() -> None:
    names = [(entity, name) for entity in KG.entities for name in (entity.name, *entity.aliases)]
    assert len(names) > 25
    for entity, name in names:
        assert entity in find(KG, name)


def test_near_names_contain_the_words_or_look_like_them() -> None:
    assert next(e.name for e in similar(KG, "化工")) in {"米东化工工业园", "石油化工", "氯碱化工"}
    assert "乌鲁木齐市" in [e.name for e in similar(KG, "乌鲁木市")]
    assert similar(KG, "zzz") == ()
    assert len(similar(KG, "工", limit=2)) == 2
    assert all(e.type is EntityType.PARK for e in similar(KG, "工业", EntityType.PARK))


def test_hostile_names_are_only_names() -> None:
    for entity in hostile().entities:
        assert entity in find(hostile(), entity.name)
    assert find(KG, "") == ()
    assert similar(KG, "") == ()
