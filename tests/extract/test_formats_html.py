"""Web pages: text, headings and tables stay; scripts, menus and what is hidden go."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.formats.html import convert
from extract.formats.writing import OverLimitError


def body(content: str) -> str:
    return convert(f"<!DOCTYPE html><html><body>{content}</body></html>").rstrip("\n")


def test_paragraphs_breaks_and_entities() -> None:
    assert body("<p>　　甲&nbsp;乙&lt;丙&gt;</p>丁<div>戊<br>己<br/></div>") == "甲 乙<丙>\n\n丁\n\n戊\n己"


def test_headings_and_bold_marks() -> None:
    page = "<h1>规划</h1><h3><b>第一节</b> 目标</h3><p><strong>物流业。</strong>推进<b> </b>。</p>"
    page += '<p><span style="font-weight: 700">加粗</span>正常</p>'
    assert body(page) == "# 规划\n\n### 第一节 目标\n\n**物流业。**推进 。\n\n**加粗**正常"


def test_lists_are_numbered_as_browsers_do() -> None:
    page = "<ol start=4><li>甲</li><li>乙<ul><li>丙</li><li></li></ul></li></ol><ol><li>丁</li></ol>"
    assert body(page) == "4. 甲\n\n5. 乙\n\n- 丙\n\n1. 丁"


def test_scripts_styles_and_hidden_text_go() -> None:
    page = (
        "<script>建设一号工程</script><style>二号</style><noscript>三号</noscript><template>四号</template>"
        '<p hidden>五号</p><p style="DISPLAY : none">六号</p><!-- 七号 --><textarea>八号</textarea>'
        "<svg><text>九号</text></svg><p onclick='十号()'>留下<script>x</script>的</p>"
    )
    assert body(page) == "留下的"


def test_menus_paths_and_footers_go() -> None:
    page = (
        '<div id="top-nav"><a href=/>首页</a><a href=/a>公开</a></div>'
        "<ul><li><a href=/1>相关一</a></li><li><a href=/2>相关二</a></li></ul>"
        "<div>位置：<a href=/>首页</a> &gt; <a href=/x>规划</a></div>"
        "<p>正文提到<a href=/law>《规划法》</a>和<a href=/plan>《纲要》</a>的内容，比链接长得多。</p>"
        '<div class="page footer">版权所有</div><footer>备案</footer><nav>导航</nav><aside>旁边</aside>'
    )
    assert body(page) == "正文提到《规划法》和《纲要》的内容，比链接长得多。"


def test_what_is_named_like_a_menu_but_is_the_text_stays() -> None:
    assert body('<div class="related">全部正文都在这里。</div>') == "全部正文都在这里。"


def test_the_main_element_is_the_document() -> None:
    page = "<div>网站名称</div><main><h1>纲要</h1><p>" + "正文。" * 20 + "</p></main><div>二维码</div>"
    assert body(page) == "# 纲要\n\n" + "正文。" * 20


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<meta name="ArticleTitle" content="某某 规划"><title>别的</title>', "# 某某 规划\n\n正文\n"),
        ('<meta property="og:title" content="某某规划">', "# 某某规划\n\n正文\n"),
        ("<title>某某规划_某某政府网</title>", "# 某某规划\n\n正文\n"),
        ("<title>正文</title>", "正文\n"),
        ("", "正文\n"),
    ],
)
def test_titles_that_stand_only_in_the_head(head: str, expected: str) -> None:
    assert convert(f"<html><head>{head}</head><body><p>正文</p></body></html>") == expected


def test_tables_with_merged_cells_and_captions() -> None:
    page = (
        "<table><caption>主要 指标</caption><thead><tr><th rowspan=2>类别<th rowspan=2>指标<th colspan=2>目标</tr>"
        "<tr><th>2020年<th>2025年</thead>"
        "<tr><td rowspan=2>经济<br>发展<td>产值<td>1<td>2<tr><td>控制<td colspan=2>下达|指标</table>"
    )
    assert body(page) == (
        "| 主要 指标 | | | |\n|---|---|---|---|\n| 类别 | 指标 | 目标 | |\n| | | 2020年 | 2025年 |\n"
        "| 经济<br>发展 | 产值 | 1 | 2 |\n| | 控制 | 下达｜指标 | |"
    )


def test_dashes_in_cells_stay() -> None:
    assert body("<table><tr><td>a<td>-<tr><td>—<td>b</table>") == "| a | - |\n|---|---|\n| — | b |"


def test_tables_that_only_lay_out_the_page_are_opened() -> None:
    page = (
        "<table><tr><td><h2>第一章</h2><p>正文。</p><table><tr><td>甲<td>乙<tr><td>丙<td>丁</table></td></tr></table>"
    )
    assert body(page) == "## 第一章\n\n正文。\n\n| 甲 | 乙 |\n|---|---|\n| 丙 | 丁 |"


def test_a_box_of_one_cell_is_a_frame() -> None:
    assert (
        body("<table><tr><td><p>专栏1 项目</p><p>1.水库。</p></table>")
        == "| <p>专栏1 项目</p> <p>1.水库。</p> |\n|---|"
    )


def test_unclosed_and_crossed_elements() -> None:
    assert body("<p>甲<p>乙<b>丙</p>丁</b><li>戊") == "甲\n\n乙**丙**\n\n丁\n\n- 戊"


def test_xml_declarations_and_byte_order_marks_do_no_harm() -> None:
    assert convert('<?xml version="1.0" encoding="gb2312"?><html><body><p>甲</p></body></html>') == "甲\n"


def test_an_external_entity_is_not_fetched() -> None:
    page = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><body><p>甲&x;</p></body></html>'
    assert "root" not in convert(page)


def test_too_deep_pages_are_refused_not_cut() -> None:
    assert body("<div>" * 1_500 + "深处") == "深处"
    with pytest.raises(OverLimitError, match="nests its elements too deeply"):
        body("<div>" * 100_000 + "深处")


@pytest.mark.parametrize(
    "table",
    [
        "<table><tr>" + "<td colspan=60000>x" * 3 + "</table>",
        "<table><tr><td rowspan=60000 colspan=1000>x" + "<tr><td>y" * 200 + "</table>",
        "<table>" + "<tr><td>x<td>y" * 50_001 + "</table>",
    ],
)
def test_giant_tables_are_refused(table: str) -> None:
    with pytest.raises(OverLimitError, match="table of more than 100,000 cells"):
        body(table)


@pytest.mark.parametrize(
    "page", ["", " ", "<", "<html>", "<!-- x -->", "<p>", "\x0c", "<html><head><script>x</script>"]
)
def test_pages_without_text_are_empty(page: str) -> None:
    assert convert(page).strip() in ("", "<")


TAGS = [
    "<p>",
    "</p>",
    "<b>",
    "</b>",
    "<table>",
    "</table>",
    "<tr>",
    "<td>",
    "<td colspan=2>",
    "<ol>",
    "<li>",
    "<h2>",
    "<br>",
]


@given(
    st.lists(
        st.sampled_from([*TAGS, "甲", "建设 项目", "|", "&lt;", "</div>", "<script>", "</script>", "*"]), max_size=40
    )
)
@settings(max_examples=300, deadline=None)
def test_any_markup_is_read_the_same_each_time(pieces: list[str]) -> None:
    page = "".join(pieces)
    text = convert(page)
    assert text == convert(page)
    assert "<td" not in text
    assert "<script" not in text
