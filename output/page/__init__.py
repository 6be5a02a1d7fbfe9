"""The explorer: the whole graph as one HTML file that needs no network.

`write_page` fills `template.html` with the graph (`data.py`), the style and the script. The
script is bundled from `src/` by `npm ci && npm run build` in this folder and committed, so that
neither users nor the Python build need Node.
"""

import base64
import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from graph.model import KnowledgeGraph
from graph.row import Statement
from output.files import write_text
from output.page.data import page_data, to_json
from output.page.engine import packed_turtle, question_data, wasm

__all__ = ["page", "write_page"]

_HERE = Path(__file__).parent


def write_page(
    kg: KnowledgeGraph, path: Path, *, engine: bool = True, graph: Sequence[Statement] | None = None
) -> None:
    """Write the explorer of `kg` to `path` (UTF-8), whole or not at all.

    `engine=False` leaves out the SPARQL engine and the triples (2 MB and more); `graph` are the
    triples, when they are made already. Raises OSError when the file cannot be written.
    """
    write_text(path, page(kg, engine=engine, graph=graph))


def page(kg: KnowledgeGraph, *, engine: bool = True, graph: Sequence[Statement] | None = None) -> str:
    """Return the explorer's HTML. The same graph gives the same characters."""
    style, script = _asset("explorer.css"), _asset("explorer.js")
    filled = {"csp": _policy(style, script), "style": style, "data": to_json(page_data(kg)), "script": script}
    filled["engine"] = _engine(kg, graph) if engine else ""
    pieces = []
    rest = _asset("template.html")
    while "{{" in rest:
        before, _, rest = rest.partition("{{")
        name, _, rest = rest.partition("}}")
        pieces += [before, filled[name]]
    return "".join([*pieces, rest])


def _engine(kg: KnowledgeGraph, graph: Sequence[Statement] | None) -> str:
    parts = {
        "engine-wasm": ("application/octet-stream", wasm()),
        "engine-graph": ("application/octet-stream", packed_turtle(kg, graph)),
        "questions": ("application/json", to_json(question_data(kg))),
    }
    return "".join(f'<script type="{kind}" id="{name}">{text}</script>\n' for name, (kind, text) in parts.items())


def _policy(style: str, script: str) -> str:
    """Return the content security policy: this script, this style, nothing from anywhere."""
    return (
        f"default-src 'none'; script-src '{_digest(script)}' 'wasm-unsafe-eval'; style-src '{_digest(style)}'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@lru_cache(maxsize=8)
def _asset(name: str) -> str:
    """Return a bundled file, without a last line break; scripts may not end their own element."""
    text = (_HERE / name).read_text(encoding="utf-8").rstrip("\n")
    if name.endswith(".js"):
        text = text.replace("</script", "<\\/script").replace("<!--", "<\\!--")
    return text
