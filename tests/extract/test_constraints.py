"""The guide's crisp rules, each on a sentence of its own."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.constraints import constrain
from extract.draft import Draft
from ontology.schema import EntityType as T

# text, (surface given, type) ..., -> (surface kept, type) ...
CASES = [
    # rule 1: quotes around the whole name are dropped, a half quote inside is completed
    ("打造“贡米巷”特色街区。", [("贡米巷”特色街区", T.PARK)], [("“贡米巷”特色街区", T.PARK)]),
    ("实施“退二进三”。", [("“退二进三”", T.POLICY)], [("退二进三", T.POLICY)]),
    ("实施“退二进三”。", [("退二进三”", T.POLICY)], [("退二进三", T.POLICY)]),
    ("改建青石公路（S109）。", [("S109）", T.FACILITY)], [("S109", T.FACILITY)]),
    (
        "化工园区路灯建设项目（一期）开工。",
        [("化工园区路灯建设项目（一期", T.PROJECT)],
        [("化工园区路灯建设项目（一期）", T.PROJECT)],
    ),
    # rule 3: a place directly in front of a name belongs to it, a 的 between keeps them apart
    ("启用东沟片区第二水厂。", [("东沟片区", T.PARK), ("第二水厂", T.FACILITY)], [("东沟片区第二水厂", T.FACILITY)]),
    (
        "启用东沟片区的第二水厂。",
        [("东沟片区", T.PARK), ("第二水厂", T.FACILITY)],
        [("东沟片区", T.PARK), ("第二水厂", T.FACILITY)],
    ),
    (
        "自治区农村科技创业行动",
        [("自治区", T.DISTRICT), ("农村科技创业行动", T.POLICY)],
        [("自治区", T.DISTRICT), ("农村科技创业行动", T.POLICY)],
    ),
    # rule 7: what an 等…项目 closes is named before it
    ("完成第三净水厂等续建项目", [("第三净水厂等续建项目", T.PROJECT)], [("第三净水厂", T.PROJECT)]),
    # self-references are no names
    ("全区森林覆盖率达到20%", [("全区森林覆盖率", T.INDICATOR)], [("森林覆盖率", T.INDICATOR)]),
    ("我市加快发展", [("我市", T.DISTRICT)], []),
    # a whole autonomous region or prefecture is not the issuer's own district
    ("在全疆率先设立基金", [("全疆", T.DISTRICT)], [("全疆", T.DISTRICT)]),
    # types: schools and hospitals are Institutions
    ("完成牧民定居点幼儿园建设", [("牧民定居点幼儿园", T.FACILITY)], [("牧民定居点幼儿园", T.INSTITUTION)]),
    # where something lies is said before its neighbour's name
    ("南临园区五路，", [("南临园区五路", T.FACILITY)], [("园区五路", T.FACILITY)]),
    # how many are built is no part of a work's name, a capacity is
    ("建设300个乡村健身提升工程", [("300个乡村健身提升工程", T.PROJECT)], [("乡村健身提升工程", T.PROJECT)]),
    ("全省首家海外综合服务平台", [("首家海外综合服务平台", T.FACILITY)], [("海外综合服务平台", T.FACILITY)]),
    ("实施若干重大产业创新工程", [("若干重大产业创新工程", T.PROJECT)], [("产业创新工程", T.PROJECT)]),
    ("建设年产30万吨电极项目", [("年产30万吨电极项目", T.PROJECT)], [("年产30万吨电极项目", T.PROJECT)]),
    ("打赢四个硬仗", [("四个硬仗", T.POLICY)], [("四个硬仗", T.POLICY)]),
    # rule 10: 自治区 before a list is a District, before a single name it belongs to it
    (
        "参与自治区企业培育行动、人才引进行动",
        [("自治区企业培育行动", T.POLICY), ("人才引进行动", T.POLICY)],
        [("自治区", T.DISTRICT), ("企业培育行动", T.POLICY), ("人才引进行动", T.POLICY)],
    ),
    ("入选自治区科技创业行动。", [("自治区科技创业行动", T.POLICY)], [("自治区科技创业行动", T.POLICY)]),
    # types: a market is no company, whatever it is called
    ("依托北河市场发展商贸", [("北河市场", T.ENTERPRISE)], [("北河市场", T.FACILITY)]),
    # rule 4: what is counted as parks are parks; what a list without their number names may be companies
    (
        "打造中河能源、丽水两个循环经济产业园",
        [("中河能源", T.ENTERPRISE), ("丽水", T.DISTRICT)],
        [("中河能源", T.PARK), ("丽水", T.DISTRICT)],
    ),
    (
        "中河能源、天山化工入驻两个产业园",
        [("中河能源", T.ENTERPRISE), ("天山化工", T.ENTERPRISE)],
        [("中河能源", T.ENTERPRISE), ("天山化工", T.ENTERPRISE)],
    ),
    # rule 8: national schemes and reforms are named wherever they stand, and those that touch are one name
    ("深化国有企业改革，推行证照分离", [], [("国有企业改革", T.POLICY), ("证照分离", T.POLICY)]),
    ("经新农合基本医保、大病保险补偿", [], [("新农合基本医保", T.POLICY), ("大病保险", T.POLICY)]),
    ("深化市属国有企业改革", [("市属国有企业改革", T.POLICY)], [("市属国有企业改革", T.POLICY)]),
    # a town and its trade are two names
    (
        "培育河湾镇旅游名镇、青石乡农业产业化镇",
        [("河湾镇旅游名镇", T.PARK), ("青石乡农业产业化镇", T.DISTRICT)],
        [("河湾镇", T.DISTRICT), ("旅游", T.INDUSTRY), ("青石乡", T.DISTRICT), ("农业", T.INDUSTRY)],
    ),
    ("打造闲云小镇", [("闲云小镇", T.PARK)], [("闲云小镇", T.PARK)]),
    # settlements are Districts, also alone in a cell or in a list; other words in 村 and 镇 are not
    ("1 | 河湾村 | 12", [], [("河湾村", T.DISTRICT)]),
    ("贫困村 | 乡镇 | 示范镇", [], []),
    ("包括2个：上河村、下河村。", [("上河村", T.DISTRICT)], [("上河村", T.DISTRICT), ("下河村", T.DISTRICT)]),
    ("坚持特色兴镇、产业建镇。", [], []),
    ("在上河村新建", [("上河村", T.PARK)], [("上河村", T.DISTRICT)]),
    ("建设民俗文化村", [("民俗文化村", T.FACILITY)], [("民俗文化村", T.FACILITY)]),
    # companies, but no group of states
    ("与云河能源集团合作", [("云河能源集团", T.INSTITUTION)], [("云河能源集团", T.ENTERPRISE)]),
    ("二十国集团峰会", [("二十国集团", T.INSTITUTION)], [("二十国集团", T.INSTITUTION)]),
    # a company's legal form ends its name; what was seen inside it or a lead-in does not count
    (
        "一是柳溪县丰禾矿业有限公司投资200万元",
        [("柳溪县", T.DISTRICT)],
        [("柳溪县丰禾矿业有限公司", T.ENTERPRISE)],
    ),
    ("由中星集团（云河）新能源有限公司承建", [], [("中星集团（云河）新能源有限公司", T.ENTERPRISE)]),
    ("加大对茂林药材种植专业合作社的扶持", [("药材种植", T.INDUSTRY)], [("茂林药材种植专业合作社", T.ENTERPRISE)]),
    ("鼓励组建有限公司和农民专业合作社，规范发展农民专业合作社。", [], []),
    ("云河农业有限公司二期项目", [("云河农业有限公司二期项目", T.PROJECT)], [("云河农业有限公司二期项目", T.PROJECT)]),
    # titles of plans and laws are Policies, those of books are not
    ("落实《河湾县旅游业发展办法（试行）》。", [("旅游业", T.INDUSTRY)], [("河湾县旅游业发展办法（试行）", T.POLICY)]),
    ("编纂《河西走廊通史》。", [], []),
    # titles that the nation gives, not a place whose name ends like one
    ("是全国双拥模范县，中国书法之乡，", [], [("全国双拥模范县", T.POLICY), ("中国书法之乡", T.POLICY)]),
    ("加快张江国家自主创新示范区建设", [("张江国家自主创新示范区", T.PARK)], [("张江国家自主创新示范区", T.PARK)]),
    # provinces by both names, counties by the full one; not within an office, a company, a quote
    ("面向甘肃、广东省和迭部县。", [], [("甘肃", T.DISTRICT), ("广东省", T.DISTRICT), ("迭部县", T.DISTRICT)]),
    ("新疆日报、甘肃银行、浙江省政府", [], []),
    ("打造“甘肃速度”，建设新城区、文明甘肃。", [], []),
    # rule 8: listed policies; a word of the list that only sometimes names one is left to the tagger
    ("实现碳达峰、碳中和。", [("碳达峰", T.POLICY)], [("碳达峰", T.POLICY), ("碳中和", T.POLICY)]),
    ("利用互联网+模式", [], []),
    # Parks: the zones of a layout, as many as announced
    (
        "构筑“一核两带三区”（一核：云河新城；两带：青石休闲带、白杨生态带；三区：东部新区、西部老城、南岸片区）。",
        [("青石休闲带", T.FACILITY), ("西部老城", T.DISTRICT), ("南岸片区", T.PARK)],
        [
            ("云河新城", T.PARK),
            ("青石休闲带", T.PARK),
            ("白杨生态带", T.PARK),
            ("东部新区", T.PARK),
            ("西部老城", T.DISTRICT),
            ("南岸片区", T.PARK),
        ],
    ),
    ("“两轴”即云河发展轴和青石大街发展轴。", [], [("云河发展轴", T.PARK), ("青石大街发展轴", T.PARK)]),
    ("一环：云河和青石渠构成的绿水游憩环；", [("云河", T.FACILITY)], [("云河", T.FACILITY), ("绿水游憩环", T.PARK)]),
    ("三带：青石休闲带、白杨生态带。", [], []),
    ("两区：加快建设东区、大力发展西区。", [], []),
    (
        "抓好青石三七、白杨科技等工业园区建设",
        [("青石三七", T.ENTERPRISE), ("白杨科技", T.ENTERPRISE)],
        [("青石三七", T.PARK), ("白杨科技", T.PARK)],
    ),
    ("白杨科技等园区企业投产", [("白杨科技", T.ENTERPRISE)], [("白杨科技", T.ENTERPRISE)]),
    # rule 13: an office without a proper place name
    ("我代表自治区人民政府，", [("自治区人民政府", T.INSTITUTION)], []),
    ("甲县人民政府出台", [("甲县人民政府", T.INSTITUTION)], [("甲县人民政府", T.INSTITUTION)]),
    # types: 园区 makes a park of the name before it
    ("（高新区、青石煤化工园区）", [("青石煤化工", T.ENTERPRISE)], [("青石煤化工园区", T.PARK)]),
    ("发展蔬菜种植园区，", [("蔬菜种植", T.INDUSTRY)], [("蔬菜种植", T.INDUSTRY)]),
    # rule 10: a status of the nation is one name with it, a policy that is merely carried out there is not
    ("蝉联全国文明城市。", [("文明城市", T.POLICY)], [("全国文明城市", T.POLICY)]),
    ("全国对口援疆力度加大", [("对口援疆", T.POLICY)], [("对口援疆", T.POLICY)]),
    # types: an item between two of a list's is what they are; at an end, who knows
    (
        "发展会计、审计、税务和法律服务。",
        [("会计", T.INDUSTRY), ("税务", T.INDUSTRY)],
        [("会计", T.INDUSTRY), ("审计", T.INDUSTRY), ("税务", T.INDUSTRY)],
    ),
    (
        "会计、审计、税务局",
        [("会计", T.INDUSTRY), ("税务局", T.INSTITUTION)],
        [("会计", T.INDUSTRY), ("税务局", T.INSTITUTION)],
    ),
    (
        "粮食、节能和环保、旅游",
        [("粮食", T.INDUSTRY), ("旅游", T.INDUSTRY)],
        [("粮食", T.INDUSTRY), ("旅游", T.INDUSTRY)],
    ),
    # observations: the counting verb is not part of the indicator
    ("新认定高新技术企业30家", [("新认定高新技术企业", T.INDICATOR)], [("高新技术企业", T.INDICATOR)]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "given_spans", "expected"), CASES)
def test_rules(text: str, given_spans: list[tuple[str, T]], expected: list[tuple[str, T]]) -> None:
    drafts = [Draft(text.index(s), text.index(s) + len(s), kind, 0.9) for s, kind in given_spans]
    assert [(text[d.start : d.end], d.type) for d in constrain(text, drafts)] == expected


def test_a_shaped_draft_names_its_rule() -> None:
    text = "启用东沟片区第二水厂。"
    (draft,) = constrain(text, [Draft(2, 6, T.PARK, 0.8), Draft(6, 10, T.FACILITY, 0.6)])
    assert draft.rules == ("tagger", "rule3:place-in-front")
    assert draft.probability == 0.6


@given(
    st.text("“”（）《》全市新增等项目工程建设的区A1、，", min_size=1, max_size=30),
    st.lists(st.tuples(st.integers(0, 29), st.integers(1, 12), st.sampled_from(list(T))), max_size=5),
)
def test_drafts_stay_inside_the_text_and_apart(text: str, raw: list[tuple[int, int, T]]) -> None:
    drafts, at = [], 0
    for gap, length, kind in raw:
        start = at + gap % 4
        if start + length <= len(text):
            drafts.append(Draft(start, start + length, kind, 0.5))
            at = start + length
    kept = constrain(text, drafts)
    assert all(0 <= d.start < d.end <= len(text) for d in kept)
    assert all(a.end <= b.start for a, b in itertools.pairwise(kept))
