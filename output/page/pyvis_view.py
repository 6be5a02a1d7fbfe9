"""The quick static view: pyvis' page in one file, at given positions, without physics or network.

For notebooks and for those who know pyvis. Three things of pyvis are put right here: its page
asks a content delivery network for Bootstrap, its undirected networks drop parallel relations,
and its physics would take minutes to settle.
"""

import re
from pathlib import Path

from graph.model import Claim, Entity, KnowledgeGraph
from ontology.labels import labels
from output.files import write_text
from output.page.layout import Placed, lay_out_map

COLOURS = {
    "District": "#2f4fc9",
    "Park": "#0a8f7d",
    "Project": "#d9570e",
    "Facility": "#64748b",
    "Industry": "#3f9130",
    "Policy": "#8a3ab0",
    "Enterprise": "#c92a63",
    "Institution": "#b07d00",
    "Indicator": "#0f8aa8",
}
_OUTSIDE = re.compile(r"<link\s[^>]*https?://[^>]*>|<script\s[^>]*src=\"https?://[^>]*>\s*</script>", re.S)
_POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    "script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:\">"
)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def write_pyvis(kg: KnowledgeGraph, path: Path) -> None:
    """Write the pyvis view of `kg` to `path`; every claim is an edge, also parallel ones.

    Raises OSError when the file cannot be written.
    """
    write_text(path, pyvis_html(kg))


def pyvis_html(kg: KnowledgeGraph) -> str:
    """Return the pyvis view as HTML that loads nothing from anywhere."""
    from pyvis.network import Network

    zh = labels("zh")
    network = Network(height="100vh", width="100%", directed=True, cdn_resources="in_line")
    network.toggle_physics(False)
    layout = lay_out_map(kg)
    names = {entity.id: entity.name for entity in kg.entities}
    # Not add_node and add_edge, which look through all nodes each time.
    network.nodes = [_node(entity, layout.places[entity.id], zh) for entity in kg.entities]
    network.edges = [_edge(claim, names, zh) for claim in kg.claims]
    html: str = network.generate_html()
    return _OUTSIDE.sub("", html).replace("<head>", f'<head>\n<link rel="icon" href="data:,">\n{_POLICY}', 1)


def _node(entity: Entity, place: Placed, zh: dict[str, str]) -> dict[str, object]:
    return {
        "id": entity.id,
        "label": _line(entity.name, 24),
        "title": _lines(f"{zh[entity.type.value]}：{entity.name}", *(f"别名：{alias}" for alias in entity.aliases)),
        "color": COLOURS[entity.type.value],
        "shape": "dot",
        "size": place.size,
        "x": place.x * 2.5,
        "y": -place.y * 2.5,
    }


def _edge(claim: Claim, names: dict[str, str], zh: dict[str, str]) -> dict[str, object]:
    look = {"color": "#8d97a5", "arrows": "to", "arrowStrikethrough": False}
    return {"from": claim.subject, "to": claim.object, "title": _told(claim, names, zh), **look}


def _told(claim: Claim, names: dict[str, str], zh: dict[str, str]) -> str:
    """Return what the claim says, and the sentence that says it."""
    status = f"（{zh[claim.status.value]}）" if claim.status else ""
    said = f"{names[claim.subject]} {zh[claim.predicate.value]} {names[claim.object]}{status}"
    return _lines(said, *(f"“{quote.exact}”" for quote in claim.evidence[:3]))


def _line(text: str, length: int) -> str:
    flat = _CONTROLS.sub(" ", text)
    return flat if len(flat) <= length else flat[: length - 1] + "…"


def _lines(*texts: str) -> str:
    """Return the texts as lines; "href" is kept apart, for pyvis would show such a title as markup."""
    return "\n".join(_line(text, 300) for text in texts).replace("href", "h\u200bref")
