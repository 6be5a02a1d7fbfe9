"""The named questions: their files, their parameters, and how values are bound."""

import re
from pathlib import Path

import pytest

from extract.errors import QuestionError
from graph.answers import Table
from graph.questions import TYPES, Parameter, question, questions, read_question
from graph.store import GraphStore
from tests.graph.sample import hostile, rich

STORE = GraphStore.of(rich())
# What the sample has in place of a default that only the bundled corpus has.
IN_SAMPLE = {"midong-plan-14": "midong-plan", "伊宁市": "乌鲁木齐市"}


def test_there_are_at_least_forty() -> None:
    assert len(questions()) >= 40
    folder = Path(__file__).parents[2] / "graph" / "queries"
    assert set(questions()) == {path.stem for path in folder.iterdir()}


@pytest.mark.parametrize("name", questions())
def test_a_question_runs(name: str) -> None:
    asked = question(name)
    given = {p.name: IN_SAMPLE[p.default] for p in asked.parameters if p.default in IN_SAMPLE}
    answer = asked.ask(STORE, given)
    assert isinstance(answer, Table)
    assert len(answer.variables) >= 1
    assert not {p.name for p in asked.parameters} & set(answer.variables)


@pytest.mark.parametrize("name", questions())
def test_a_question_is_well_formed(name: str) -> None:
    asked = question(name)
    projected = re.match(r"SELECT (.*?)WHERE", asked.sparql, re.DOTALL)
    assert projected, "every question is a SELECT"
    for parameter in asked.parameters:
        assert re.search(rf"\?{parameter.name}\b", projected[1]), "bound variables must be projected"
    blanks = set(re.findall(r"\{(\w+)\}", asked.zh)), set(re.findall(r"\{(\w+)\}", asked.en))
    assert blanks[0] == blanks[1] <= {p.name for p in asked.parameters}
    assert "ORDER BY" in asked.sparql, "the rows of an answer have an order"
    assert asked.zh.endswith("？")
    assert asked.en.endswith("?")


def test_answers() -> None:
    assert list(question("industry-districts").ask(STORE)) == [
        ("米东化工工业园", "生物医药产业", "midong-plan", "化工工业园重点发展石油化工、生物医药产业。"),
        ("米东化工工业园", "生物医药产业", "urumqi-plan", "支持米东化工工业园发展生物医药产业。"),
    ]
    assert list(question("parks-in-plans").ask(STORE)) == [("米东化工工业园", 2, "midong-plan、urumqi-plan")]
    assert list(question("status-by-district").ask(STORE)) == [("乌鲁木齐市", 0, 1, 0, 0), ("米东区", 1, 0, 1, 0)]
    assert [row[0] for row in question("top-investment").ask(STORE)] == ["轨道交通4号线", "华凌牛业田园综合体项目"]
    structure = [row[:3] for row in question("district-structure").ask(STORE)]
    assert structure == [("米东区", "650109", "乌鲁木齐市"), ("三道坝镇", None, "米东区")]
    chapters = list(question("chapter-facts").ask(STORE, {"document": "midong-plan"}))
    assert chapters == [("第二章 产业发展", 13), ("第一章 发展基础", 1)]


def test_parameters_narrow_the_answer() -> None:
    policies = question("district-policies")
    assert [row[0] for row in policies.ask(STORE)] == ["乡村振兴战略", "国家服务贸易试点区"]
    assert [row[0] for row in policies.ask(STORE, {"status": "sought"})] == ["国家服务贸易试点区"]
    assert [row[0] for row in policies.ask(STORE, {"district": "乌鲁木齐市"})] == ["旅游兴疆战略"]
    figures = question("district-indicators")
    assert len(figures.ask(STORE)) == 5
    assert len(figures.ask(STORE, {"year": "2025"})) == 2


def test_either_side_of_a_cooperation() -> None:
    cooperation = question("cooperation")
    assert len(cooperation.ask(STORE)) == 1
    for name, count in (("米东区", 1), ("兵团第六师", 1), ("乌鲁木齐市", 0)):
        assert len(cooperation.ask(STORE, {"actor": name})) == count, name


def test_an_entity_may_be_given_by_other_names_and_by_id() -> None:
    facts = question("entity-facts")
    by_name = facts.ask(STORE, {"entity": "化工工业园"})
    iri = STORE.named("化工工业园")[0].value
    assert by_name == facts.ask(STORE, {"entity": iri.rsplit("/", 1)[1]})
    assert len(by_name) > 0


def test_wording_holds_the_values() -> None:
    asked = question("district-industries")
    assert asked.wording() == "米东区发展哪些产业？"
    assert asked.wording("en", {"district": "伊宁市"}) == "Which industries does 伊宁市 develop?"
    assert question("park-industries").wording() == "名称含“…”的园区各发展哪些产业？"


UNFIT = [
    ("district-industries", {"district": "米冬区"}, "takes the name of a district in the graph, such as 米东区"),
    ("district-industries", {"district": "district-0000000000000000"}, "takes the name of a district"),
    ("district-industries", {"town": "米东区"}, "has no parameter 'town'; it has: district"),
    ("enterprises", {"town": "米东区"}, "it has none"),
    ("district-policies", {"status": "finished"}, "takes one of done, ongoing, planned, sought"),
    ("shared-industries", {"least": "two"}, "takes a number"),
    ("least-certain", {"most": "high"}, "takes a number"),
    ("targets", {"year": "next"}, r"takes a year \(2025\)"),
    ("chapter-facts", {"document": "none"}, "takes a document of the graph: midong-plan, urumqi-plan"),
]


@pytest.mark.parametrize(("name", "given", "message"), UNFIT)
def test_values_that_do_not_fit(name: str, given: dict[str, str], message: str) -> None:
    with pytest.raises(QuestionError, match=message):
        question(name).ask(STORE, given)


def test_a_name_that_several_bear() -> None:
    store = GraphStore.of(rich())
    several = Parameter("x", "entity", "", "实体", "entity")
    assert several.bind("米东区", store).value.endswith("district-9a9d24eb497cdd3f")
    store.named = lambda name, type=None: [several.bind("米东区", STORE), several.bind("总投资", STORE)]  # type: ignore[method-assign, assignment]
    with pytest.raises(QuestionError, match=r"2 bear this name; give an id: district-9a9d24eb497cdd3f, indicator-"):
        several.bind("米东区", store)


ATTACKS = ['" } #', "') . ?s ?p ?o", "\\", "<script>", "}} UNION { ?s ?p ?o", "\u0000"]


@pytest.mark.parametrize("attack", ATTACKS)
def test_values_never_become_part_of_the_query(attack: str) -> None:
    assert len(question("industry-districts").ask(STORE, {"industry": attack})) == 0


def test_hostile_names_can_be_asked_for() -> None:
    kg = hostile()
    store = GraphStore.of(kg)
    names = [e.name for e in kg.entities if e.name.strip() == e.name]
    assert len(names) >= 11
    for name in names:
        assert len(question("entity-facts").ask(store, {"entity": name})) >= 1, name


def test_an_unknown_question_names_near_ones() -> None:
    with pytest.raises(QuestionError, match="did you mean district-industries"):
        question("district-industry")
    with pytest.raises(QuestionError, match="plankg examples"):
        question("zzz")


HEAD = "# zh: 问？\n# en: Q?\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT * {}", "must stand in Chinese"),
        ("# zh: 问？\nSELECT * {}", "must stand in Chinese"),
        (HEAD + "# note\nSELECT * {}", "line 3 is no"),
        (HEAD + "# param x: colour = red | 色 | colour\nSELECT ?x {}", "unknown parameter type 'colour'"),
    ],
)
def test_a_file_with_a_wrong_head(text: str, message: str) -> None:
    with pytest.raises(QuestionError, match=message):
        read_question("test", text)


def test_every_type_of_parameter_binds() -> None:
    values = dict.fromkeys(TYPES, "x") | {"integer": "1", "decimal": "1.5", "year": "2025", "document": "midong-plan"}
    values |= {"status": "done", "kind": "actual", "relation": "plans", "type": "Park", "entity": "米东区"}
    values |= {"district": "米东区", "park": "化工工业园", "project": "高标准农田建设工程", "facility": "门诊楼"}
    values |= {"industry": "石油化工", "policy": "乡村振兴战略", "enterprise": "华泰重化工"}
    values |= {"institution": "米东区中医医院", "indicator": "总投资"}
    bound = {t: Parameter("x", t, "", "某", "some").bind(v, STORE) for t, v in values.items()}
    assert len(bound) == len(TYPES) == 19
