"""Project boxes (专栏) of the four plans, against a list made by hand, and the shapes boxes come in."""

import tomllib

import pytest

from extract.document import Box, Document, Role
from extract.layout import lay_out
from tests.extract.documents import CASES, read

EXPECTED = tomllib.loads((CASES / "boxes.toml").read_text("utf-8"))
COUNTS = {
    "midong-plan-14": (16, 66),
    "urumqi-county-plan-14": (9, 29),
    "urumqi-plan-14": (15, 46),
    "yining-plan-14": (15, 52),
}


def box(raw: str) -> tuple[Document, Box]:
    document = lay_out(raw, id="t", district="甲县")
    return document, document.boxes[0]


@pytest.mark.parametrize("stem", sorted(COUNTS))
def test_every_box_with_its_entries(stem: str) -> None:
    found = [[b.number, b.title.clean, [item.name.clean for item in b.items]] for b in read(stem).boxes]
    assert found == EXPECTED[stem]["boxes"]


@pytest.mark.parametrize(("stem", "counts"), sorted(COUNTS.items()))
def test_numbers_of_boxes_and_entries(stem: str, counts: tuple[int, int]) -> None:
    boxes = read(stem).boxes
    assert (len(boxes), sum(len(b.items) for b in boxes)) == counts
    for b in boxes:
        numbers = [item.number for item in b.items]
        assert numbers in ([str(i) for i in range(1, len(numbers) + 1)], [""] * len(numbers))


@pytest.mark.parametrize("stem", sorted(COUNTS))
def test_entries_point_to_their_sentences_and_back(stem: str) -> None:
    document = read(stem)
    checked = 0
    for b in document.boxes:
        for number, item in enumerate(b.items):
            assert item.sentences
            for index in item.sentences:
                sentence = document.sentences[index]
                assert (sentence.role, sentence.box) == (Role.ITEM, b.index)
                # Names listed in one paragraph share it; it points to the first of them.
                assert sentence.item is not None
                assert sentence.item == number or (not item.number and sentence.item < number)
                assert sentence.text.span in item.span
                checked += 1
        assert all(item.span in b.span for item in b.items)
    assert checked >= COUNTS[stem][1]


def test_prose_after_a_box_is_outside_it() -> None:
    document = read("midong-plan-14")
    prose = next(s for s in document.sentences if s.text.clean.startswith("支持发展农产品加工产业。"))
    assert (prose.role, prose.box, prose.lead) == (Role.BODY, None, 12)
    assert document.section_path(prose.section) == ("第四章 推动现代产业高质量发展", "第二节 推动工业提质增效")


def test_a_page_break_inside_an_entry() -> None:
    document = read("urumqi-county-plan-14")
    item = document.boxes[0].items[0]
    texts = [document.sentences[i].text.clean for i in item.sentences]
    assert texts[0] == "1.全域旅游基础设施配套和提升工程。"
    assert texts[-1].endswith("推进景区智能流量监测、动态展示系统、大数据平台及配套设施建设。")


def test_a_box_whose_entries_lie_partly_in_table_cells() -> None:
    document = read("yining-plan-14")
    second = document.boxes[5].items[1]
    assert [document.sentences[i].text.clean for i in second.sentences] == [
        "2.中小型水库建设工程：伊犁州伊宁市铁厂沟水库工程建设项目。"
    ]


def test_entry_leads() -> None:
    document, found = box(
        "专栏 2 农业工程\n**1.农田工程。**推进农田建设。\n**2.水利项目：**新建甲渠。\n3.加快建设乙园，发展丙产业。\n"
    )
    leads = [document.sentences[item.sentences[0]].lead for item in found.items]
    assert [item.name.clean for item in found.items] == ["农田工程", "水利项目", "加快建设乙园"]
    assert leads == [len("1.农田工程。"), len("2.水利项目："), 0]


def test_numbered_entries_running_on_in_one_line() -> None:
    document, found = box(
        "专栏8 甲工程 |\n1.乙工程。建成3.5公里。 2.丙工程。到2025年完成。 4.不是条目。 3.丁工程。 |\n"
        "后面的正文，不在专栏里。"
    )
    assert [item.number for item in found.items] == ["1", "2", "3"]
    assert document.sentences[-1].box is None
    assert [document.sentences[i].text.clean for i in found.items[1].sentences] == [
        "2.丙工程。",
        "到2025年完成。",
        "4.不是条目。",
    ]


def test_entries_in_table_rows_of_one_cell() -> None:
    _, found = box(
        "| 专栏 2 项目 |\n|---|\n| 1.甲工程。新建乙路。 |\n| 2.丙工程。改建丁桥。 |\n\n后面的正文，不在专栏里。"
    )
    assert [item.name.clean for item in found.items] == ["甲工程", "丙工程"]


def test_a_bare_list_holds_one_entry_for_each_name() -> None:
    document, found = box("专栏 7-4 项目\n甲项目（一期、二期）、乙工程、丙项目。\n\n第二节 消费\n促进消费，扩大内需。")
    assert [item.name.clean for item in found.items] == ["甲项目（一期、二期）", "乙工程", "丙项目"]
    assert len({item.sentences for item in found.items}) == 1
    assert document.sections[0].title.clean == "消费"
    assert document.sentences[-1].box is None


def test_a_box_title_in_prose_opens_no_box() -> None:
    document = lay_out("详见专栏 3 工业项目。\n专栏3所列的项目要加快推进，按期完成。", id="t", district="甲县")
    assert document.boxes == ()


def test_a_box_without_entries_is_warned_of() -> None:
    document = lay_out("专栏 3 工业项目\n\n第一节 农业\n发展农业，建设农村。", id="t", district="甲县")
    assert document.warnings == ("box without entries: 专栏3 工业项目",)


def test_the_box_number_that_the_plan_prints_twice_is_warned_of() -> None:
    twice = "box number missing or repeated: 专栏1 科技创新项目 follows 专栏1"
    assert {stem: read(stem).warnings for stem in COUNTS} == dict.fromkeys(COUNTS, ()) | {"midong-plan-14": (twice,)}


def test_numbers_in_two_parts() -> None:
    raw = "".join(f"专栏 {number} 项目\n1.甲工程。新建乙路。\n" for number in ("4-1", "4-2", "6-1", "6-3", "8-2"))
    warnings = lay_out(raw, id="t", district="甲县").warnings
    assert [warning.removeprefix("box number missing or repeated: ") for warning in warnings] == [
        "专栏6-3 项目 follows 专栏6-1",
        "专栏8-2 项目 follows 专栏6-3",
    ]
