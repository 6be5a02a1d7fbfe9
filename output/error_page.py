"""The errors of an evaluation as one page: counts first, then every passage with its marks.

The page needs no script and asks for nothing; everything from a document is escaped.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from html import escape
from itertools import pairwise
from pathlib import Path

from extract.confusion import causes, fact_text, status_table, type_table
from extract.evaluate import Judgement, Ratio, Report
from extract.gold import GoldMention, GoldObservation
from output.files import write_text

_STYLE = """
:root { color-scheme: light dark; --agreed: #1a7f37; --missed: #b35900; --spurious: #b3261e; --line: #8886; }
body { font: 16px/1.7 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
  max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: .5rem 0 1.5rem; font-size: .9rem; }
th, td { border: 1px solid var(--line); padding: .15rem .6rem; text-align: left; vertical-align: top; }
td.n { text-align: right; font-variant-numeric: tabular-nums; }
td.same { font-weight: bold; color: var(--agreed); }
section { border-top: 1px solid var(--line); margin-top: 2rem; }
.columns { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 1.5rem; }
@media (max-width: 50rem) { .columns { grid-template-columns: minmax(0, 1fr); } }
.text { white-space: pre-wrap; overflow-wrap: anywhere; }
mark { background: none; color: inherit; border-bottom: 3px solid; padding-bottom: 1px; }
mark.agreed { border-color: var(--agreed); } mark.missed { border-color: var(--missed); border-bottom-style: dashed; }
mark.spurious { border-color: var(--spurious); border-bottom-style: dotted; }
mark.missed.spurious { border-color: var(--spurious); border-bottom-style: double; }
mark small { font-size: .6rem; opacity: .75; vertical-align: super; margin-left: 1px; }
li.agreed::marker { content: "✓ "; color: var(--agreed); } li.missed::marker { content: "− "; color: var(--missed); }
li.spurious::marker { content: "+ "; color: var(--spurious); } ul { padding-left: 1.2rem; margin: .2rem 0 1rem; }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def write_error_page(report: Report, path: Path) -> None:
    """Write the page for `report`; raises OSError when the file cannot be written."""
    write_text(path, error_page(report))


def error_page(report: Report) -> str:
    """Return the page: scores, errors by count, confusion tables, and each passage with its marks."""
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>Errors in {len(report.judgements)} passages</title><style>{_STYLE}</style></head><body>",
        f"<h1>Errors in {len(report.judgements)} passages</h1>",
        *_scores(report),
        *_causes(report),
        *_confusion("Mentions: gold type (row) given as (column)", type_table(report)),
        *_confusion("Statuses of agreed facts: gold (row) given as (column)", status_table(report)),
        "<h2>Passages</h2><p>✓ agreed (solid), − missed (dashed), + spurious (dotted), both (double)</p>",
        *(line for judgement in report.judgements for line in _passage(judgement)),
        "</body></html>\n",
    ]
    return "\n".join(parts)


def _scores(report: Report) -> Iterator[str]:
    rows: list[tuple[str, Ratio]] = [
        ("mentions, strict", report.mentions),
        ("mentions, relaxed", report.mentions_relaxed),
        ("facts, strict", report.facts),
        ("facts, relaxed", report.facts_relaxed),
        ("observations", report.observations),
        *report.mentions_by_type.items(),
        *report.facts_by_predicate.items(),
    ]
    yield "<table><tr><th></th><th>P</th><th>R</th><th>F1</th><th>right</th><th>given</th><th>gold</th></tr>"
    for name, ratio in rows:
        shares = "".join(f'<td class="n">{x:.3f}</td>' for x in (ratio.precision, ratio.recall, ratio.f1))
        counts = "".join(f'<td class="n">{n}</td>' for n in (ratio.right, ratio.given, ratio.gold))
        yield f"<tr><th>{escape(name)}</th>{shares}{counts}</tr>"
    yield "</table>"
    detail = ", ".join(f"{key} {value:.3f}" for key, value in report.observation_detail.items())
    yield f"<p>Right among the agreed: status {report.status_accuracy:.3f}; {detail} of observations.</p>"


def _causes(report: Report) -> Iterator[str]:
    yield "<h2>Errors by count</h2><table><tr><th>error</th><th>count</th><th>cases</th></tr>"
    for cause in causes(report):
        links = "; ".join(f'<a href="#{escape(_anchor(id))}">{escape(what)}</a>' for id, what in cause.cases)
        cases = f"<details><summary>{escape(cause.cases[0][1])}</summary>{links}</details>"
        yield f'<tr><td>{escape(cause.name)}</td><td class="n">{cause.count}</td><td>{cases}</td></tr>'
    yield "</table>"


def _confusion(title: str, table: Counter[tuple[str, str]]) -> Iterator[str]:
    names = sorted({name for pair in table for name in pair})
    heads = "".join(f"<th>{escape(name)}</th>" for name in names)
    yield f"<h2>{escape(title)}</h2><table><tr><th></th>{heads}</tr>"
    for row in names:
        cells = "".join(
            f'<td class="n{" same" if row == column else ""}">{table[row, column] or ""}</td>' for column in names
        )
        yield f"<tr><th>{escape(row)}</th>{cells}</tr>"
    yield "</table>"


def _anchor(id: str) -> str:
    return "passage-" + "-".join(id.split())


def _passage(judgement: Judgement) -> Iterator[str]:
    passage = judgement.passage
    yield f'<section id="{escape(_anchor(passage.id))}"><h3>{escape(passage.id)}</h3>'
    yield f"<p>{escape(passage.doc)} {passage.start}–{passage.end}</p>"
    yield f'<div class="columns"><div class="text" lang="zh">{_marked(judgement)}</div><div>'
    yield from _list(
        "Facts",
        [fact_text(g) + ("" if g.status == p.status else f" (given: {p.status})") for g, p in judgement.facts_agreed],
        map(fact_text, judgement.facts_missed),
        map(fact_text, judgement.facts_spurious),
    )
    yield from _list(
        "Observations",
        [_figure(g) + ("" if g == p else f" (given: {_figure(p)})") for g, p in judgement.observations_agreed],
        map(_figure, judgement.observations_missed),
        map(_figure, judgement.observations_spurious),
    )
    yield "</div></div></section>"


def _list(title: str, agreed: Iterable[str], missed: Iterable[str], spurious: Iterable[str]) -> Iterator[str]:
    groups = (("agreed", agreed), ("missed", missed), ("spurious", spurious))
    items = [f'<li class="{name}">{escape(line)}</li>' for name, lines in groups for line in lines]
    if items:
        yield f"<h4>{title}</h4><ul>{''.join(items)}</ul>"


def _figure(value: GoldObservation) -> str:
    return f"{value.subject} {value.indicator} {value.value}{value.unit} {value.period} {value.kind}"


def _marked(judgement: Judgement) -> str:
    """Return the passage's text with a mark around every labelled stretch.

    Gold and given mentions may cross each other, so the text is cut at every boundary; each piece
    carries the classes of the mentions that cover it, and a mention's type stands at its last piece.
    """
    passage = judgement.passage
    groups: list[tuple[str, tuple[GoldMention, ...]]] = [
        ("agreed", judgement.mentions_agreed),
        ("missed", judgement.mentions_missed),
        ("spurious", judgement.mentions_spurious),
    ]
    marks = [(mention, name) for name, mentions in groups for mention in mentions]
    cuts = sorted({passage.start, passage.end, *(edge for mention, _ in marks for edge in mention[:2])})
    pieces = []
    for start, end in pairwise(cuts):
        text = escape(passage.text[start - passage.start : end - passage.start])
        over = [(mention, name) for mention, name in marks if mention.start <= start and end <= mention.end]
        if not over:
            pieces.append(text)
            continue
        names = " ".join(sorted({name for _, name in over}))
        title = escape(", ".join(f"{name}: {mention.type}" for mention, name in over))
        ends = "".join(f"<small>{escape(mention.type)}</small>" for mention, _ in over if mention.end == end)
        pieces.append(f'<mark class="{names}" title="{title}">{text}{ends}</mark>')
    return "".join(pieces)
