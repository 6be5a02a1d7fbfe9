"""What the words of invented sentences rule out."""

import pytest

from extract.exclusions import excluded
from extract.scenes import scenes
from ontology.schema import Predicate
from tests.extract.test_relations import read

PLANS, DEVELOPS = Predicate.PLANS, Predicate.DEVELOPS


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("率先在[Faci:云河大厦]设立服务窗口。", {"云河大厦": PLANS}),
        ("推进在建的[Faci:云河大厦]。", {}),
        ("园区东至[Faci:青石大道]，建设[Faci:云河大厦]。", {"青石大道": PLANS}),
        ("支持企业入驻[Park:青石产业园]，新建[Faci:云河大厦]。", {"青石产业园": PLANS}),
        ("先后引进了[Faci:云河商城]、[Proj:白杨酒店项目]。", {"云河商城": PLANS, "白杨酒店项目": PLANS}),
        ("[Faci:东湾水库]、[Faci:青石山]获评[Poli:美丽河湖]。", {"东湾水库": PLANS, "青石山": PLANS}),
        ("[Faci:东湾水库]、[Faci:云河大厦]建成。", {}),
        ("推动[Faci:青石山]等创建[Poli:国家5A级旅游景区]。", {"青石山": PLANS}),
        ("[Proj:白杨酒店项目]，项目位于城北，占地3亩。", {"白杨酒店项目": PLANS}),
        ("提升[Inst:云河研究院]“高地”影响力。", {"云河研究院": PLANS}),
        ("提升[Inst:云河研究院]科研条件。", {}),
        ("主要从事[Indu:核桃种植]、[Indu:冷链物流]。", {"核桃种植": DEVELOPS, "冷链物流": DEVELOPS}),
        ("公司产品用于[Indu:新型储能]。", {"新型储能": DEVELOPS}),
        ("加强[Indu:造纸]、[Indu:印染]等行业污染治理。", {"造纸": DEVELOPS, "印染": DEVELOPS}),
        ("加快[Indu:造纸]、[Indu:印染]等行业升级。", {}),
    ],
)
def test_what_a_sentence_merely_places_honours_or_cleans_up(sentence: str, expected: dict[str, Predicate]) -> None:
    (scene,) = scenes(*read(f"第一章 建设\n\n{sentence}\n"))
    found = {scene.mentions[i].surface: set(predicates) for i, predicates in excluded(scene.context).items()}
    assert found == {name: {predicate} for name, predicate in expected.items()}
