"""One planning document, written in every format that plankg reads, by real writers."""

import io
from dataclasses import dataclass, field
from functools import cache
from html import escape

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from fpdf import FPDF
from pylopdf_fonts_zh_cn import sans_path


@dataclass(frozen=True)
class Heading:
    level: int
    text: str


@dataclass(frozen=True)
class Prose:
    """A paragraph; `lead` is its bold beginning."""

    text: str
    lead: str = ""


@dataclass(frozen=True)
class Cell:
    text: str
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True)
class Grid:
    """Rows of the cells that begin in them."""

    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Frame:
    """Paragraphs in a box with a border."""

    paragraphs: tuple[str, ...]


Block = Heading | Prose | Grid | Frame


@dataclass(frozen=True)
class Sample:
    title: str
    adopted: str
    blocks: tuple[Block, ...] = field(default=())


def _row(*texts: str) -> tuple[Cell, ...]:
    return tuple(Cell(text) for text in texts)


SAMPLE = Sample(
    "乌鲁木齐市米东区国民经济和社会发展第十四个五年规划和2035年远景目标纲要",
    "（2021年1月7日乌鲁木齐市米东区第三届人民代表大会第六次会议通过）",
    (
        Heading(1, "第一章 发展环境和长远目标"),
        Heading(2, "第一节 发展基础"),
        Prose(
            "“十三五”时期，米东区综合实力迈上新台阶。2020年，全区地区生产总值达到450亿元，年均增长6.5%，"
            "其中工业增加值占地区生产总值的比重达到46%；固定资产投资年均增长8%，一般公共预算收入达到32亿元。"
            "甘泉堡经济技术开发区基础设施建设投入不断加大，建成标准化厂房12万平方米，引进企业38家，"
            "新材料产业集群初步形成，产业园区承载能力明显增强。"
        ),
        Prose(
            "壮大和提升传统优势产业。大力发展石油化工产业，推动中石油乌鲁木齐石化公司转型升级，"
            "延伸下游精细化工产业链，建设米东区化工园区循环经济产业园。",
            lead="壮大和提升传统优势产业。",
        ),
        Heading(2, "第二节 发展目标"),
        Prose("到2025年，米东区经济社会发展的主要指标如下。"),
        Grid(
            (
                _row("类别", "序号", "指标", "2020年", "2025年", "年均/累计", "属性"),
                (
                    Cell("经济发展", rows=2),
                    *_row("1", "地区生产总值增长(%)", "1.2", "——", "保持在合理区间", "预期性"),
                ),
                _row("2", "全员劳动生产率增长(%)", "——", "——", "高于GDP增长", "预期性"),
                (
                    Cell("绿色生态", rows=2),
                    *_row("3", "单位地区生产总值能源消耗降低(%)", "15"),
                    Cell("控制在市级下达指标内", columns=2),
                    Cell("约束性"),
                ),
                _row("4", "森林覆盖率(%)", "17.5", "17.6", "——", "约束性"),
            )
        ),
        Heading(1, "第二章 推动现代产业高质量发展"),
        Heading(2, "第一节 推进农业现代化"),
        Prose(
            "以羊毛工镇、三道坝镇为重点，打造万亩优质水稻种植基地，支持米东区国家现代农业示范区建设，"
            "实施高标准农田建设项目，新增高效节水灌溉面积5万亩。加强与昌吉市、阜康市的农业科技合作，"
            "推广良种良法，农作物耕种收综合机械化率达到92%以上。"
        ),
        Frame(
            (
                "专栏1 农业现代化重点工程",
                "1.高标准农田建设工程。新建高标准农田3万亩，改造中低产田2万亩。",
                "2.现代种业提升工程。建设米东区水稻良种繁育基地。",
            )
        ),
        Heading(2, "第二节 推动工业提质增效"),
        Prose(
            "加快建设甘泉堡经济技术开发区新材料产业园，重点发展硅基新材料、铝基新材料产业。"
            "支持新疆众和股份有限公司实施高性能电子新材料项目，项目总投资12.5亿元。"
        ),
    ),
)


def expanded(grid: Grid) -> list[list[str]]:
    """Return the rows of a grid with a merged cell once and empty cells where it reaches."""
    rows: list[list[str]] = []
    below: dict[int, int] = {}
    for cells in grid.rows:
        row: list[str] = []
        pending = list(cells)
        while pending or below.get(len(row)):
            if below.get(len(row)):
                below[len(row)] -= 1
                row.append("")
                continue
            cell = pending.pop(0)
            for column in range(cell.columns):
                below[len(row)] = cell.rows - 1
                row.append("" if column else cell.text)
        rows.append(row)
    return rows


# --- text ---------------------------------------------------------------------------------------


def as_text(sample: Sample) -> str:
    """Return the document as Markdown, in the shapes of the corpus."""
    parts = [f"# {sample.title}", sample.adopted]
    for block in sample.blocks:
        if isinstance(block, Heading):
            parts.append("#" * (block.level + 1) + " " + block.text)
        elif isinstance(block, Prose):
            parts.append(f"**{block.lead}**" * bool(block.lead) + block.text.removeprefix(block.lead))
        elif isinstance(block, Frame):
            paragraphs = " ".join(f"<p>{text}</p>" for text in block.paragraphs)
            parts.append(f"| {paragraphs} |\n|---|")
        else:
            rows = ["| " + " | ".join(row) + " |" for row in expanded(block)]
            rows.insert(1, "|" + "---|" * len(expanded(block)[0]))
            parts.append("\n".join(rows))
    return "\n\n".join(parts) + "\n"


# --- Word ---------------------------------------------------------------------------------------


@cache
def as_docx(sample: Sample) -> bytes:
    document = docx.Document()
    document.add_heading(sample.title, 0)
    document.add_paragraph(sample.adopted)
    for block in sample.blocks:
        if isinstance(block, Heading):
            document.add_heading(block.text, block.level)
        elif isinstance(block, Prose):
            paragraph = document.add_paragraph()
            if block.lead:
                paragraph.add_run(block.lead).bold = True
            paragraph.add_run(block.text.removeprefix(block.lead))
        elif isinstance(block, Frame):
            cell = document.add_table(rows=1, cols=1, style="Table Grid").cell(0, 0)
            cell.text = block.paragraphs[0]
            for text in block.paragraphs[1:]:
                cell.add_paragraph(text)
        else:
            _docx_table(document, block)
    return saved(document)


def _docx_table(document: docx.document.Document, grid: Grid) -> None:
    rows = expanded(grid)
    table = document.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
    for number, cells in enumerate(grid.rows):
        column = 0
        for cell in cells:
            while rows[number][column] != cell.text:
                column += 1
            corner = table.cell(number, column)
            corner.text = cell.text
            if cell.columns > 1 or cell.rows > 1:
                corner.merge(table.cell(number + cell.rows - 1, column + cell.columns - 1))
            column += cell.columns


def saved(document: docx.document.Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def set_numbering(paragraph: docx.text.paragraph.Paragraph, num_id: int, level: int) -> None:
    """Make a paragraph part of a list."""
    properties = paragraph._p.get_or_add_pPr()
    numbering = OxmlElement("w:numPr")
    for name, value in (("w:ilvl", level), ("w:numId", num_id)):
        element = OxmlElement(name)
        element.set(qn("w:val"), str(value))
        numbering.append(element)
    properties.append(numbering)


# --- web ----------------------------------------------------------------------------------------


def as_html(sample: Sample) -> str:
    parts = [f"<h1>{escape(sample.title)}</h1>", f"<p>{escape(sample.adopted)}</p>"]
    for block in sample.blocks:
        if isinstance(block, Heading):
            parts.append(f"<h{block.level + 1}>{escape(block.text)}</h{block.level + 1}>")
        elif isinstance(block, Prose):
            lead = f"<strong>{escape(block.lead)}</strong>" if block.lead else ""
            parts.append(f"<p>　　{lead}{escape(block.text.removeprefix(block.lead))}</p>")
        elif isinstance(block, Frame):
            paragraphs = "".join(f"<p>{escape(text)}</p>" for text in block.paragraphs)
            parts.append(f"<table border=1><tr><td>{paragraphs}</td></tr></table>")
        else:
            parts.append("<table border=1>")
            for row in block.rows:
                cells = (f"<td rowspan={cell.rows} colspan={cell.columns}>{escape(cell.text)}</td>" for cell in row)
                parts.append("<tr>" + "".join(cells) + "</tr>")
            parts.append("</table>")
    body = "\n".join(parts)
    return (
        "<!DOCTYPE html><html><head><meta charset=utf-8><title>规划_政府网</title><style>p{color:red}</style></head>"
        "<body><div class=nav><a href=/>首页</a> <a href=/a>政务公开</a></div>"
        f"<div class=content>{body}</div><script>alert('建设米东区监狱工程')</script>"
        "<div class=footer>主办：某某人民政府办公室 <a href=/c>联系我们</a></div></body></html>"
    )


# --- PDF ----------------------------------------------------------------------------------------


class _Pages(FPDF):
    def header(self) -> None:
        self.set_font("sans", size=9)
        self.cell(0, 8, "米东区“十四五”规划纲要", align="C", new_x="LMARGIN", new_y="NEXT")

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("sans", size=9)
        self.cell(0, 8, f"— {self.page_no()} —", align="C")


def new_pdf() -> FPDF:
    """Return an empty PDF document with a Chinese font, running heads and page numbers."""
    pdf = _Pages(format=(148, 160))
    pdf.add_font("sans", fname=str(sans_path()))
    pdf.add_page()
    return pdf


@cache
def as_pdf(sample: Sample) -> bytes:
    pdf = new_pdf()
    _write(pdf, sample.title, 18, align="C")
    _write(pdf, sample.adopted, 11, align="C")
    for block in sample.blocks:
        if isinstance(block, Heading):
            _write(pdf, block.text, 16 - 2 * block.level, align="C")
        elif isinstance(block, Prose):
            _write(pdf, "\u3000\u3000" + block.text, 11)
        elif isinstance(block, Frame):
            pdf.set_font("sans", size=10)
            with pdf.table(first_row_as_headings=False) as table:
                table.row().cell("\n".join(block.paragraphs))
        else:
            pdf.set_font("sans", size=8)
            widths = (10, 7, 30, 10, 10, 20, 13)
            with pdf.table(first_row_as_headings=False, col_widths=widths, wrapmode="CHAR") as table:
                for cells in block.rows:
                    row = table.row()
                    for cell in cells:
                        row.cell(cell.text, colspan=cell.columns, rowspan=cell.rows)
        pdf.ln(2)
    return bytes(pdf.output())


def _write(pdf: FPDF, text: str, size: float, align: str = "L") -> None:
    pdf.set_font("sans", size=size)
    pdf.multi_cell(0, size * 0.6, text, align=align, wrapmode="CHAR", new_x="LMARGIN", new_y="NEXT")
