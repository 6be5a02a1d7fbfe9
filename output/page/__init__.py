"""The explorer: the whole graph as one HTML file that needs no network.

Of a graph too large for one file it holds an overview (`overview.py`), and `plankg serve` gives
the same page (`served_page`), which asks the server about all the rest.
`write_page` fills `template.html` with the graph (`data.py`), the style and the script. The
script is bundled from `src/` by `npm ci && npm run build` in this folder and committed, so that
neither users nor the Python build need Node.
"""

import base64
import hashlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from graph.model import KnowledgeGraph
from output.files import write_text
from output.page.data import Json, page_data, to_json
from output.page.engine import packed, question_data, wasm
from output.page.overview import is_too_large, overview
from output.turtle import turtle_of

__all__ = ["page", "page_values", "served_page", "write_page"]

_HERE = Path(__file__).parent


def write_page(
    kg: KnowledgeGraph,
    path: Path,
    *,
    engine: bool = True,
    turtle: Path | None = None,
    values: Callable[[], str] | None = None,
) -> None:
    """Write the explorer of `kg` to `path` (UTF-8), whole or not at all.

    `engine=False` leaves out the SPARQL engine and the triples (2 MB and more); `turtle` is the file of the
    triples, when it is written already, and `values` gives what `page_values` returns, when that is made
    elsewhere. Raises OSError when a file cannot be read or written.
    """
    write_text(path, page(kg, engine=engine, turtle=turtle, values=values))


def page(
    kg: KnowledgeGraph,
    *,
    engine: bool = True,
    turtle: Path | None = None,
    values: Callable[[], str] | None = None,
) -> str:
    """Return the explorer's HTML. The same graph gives the same characters."""
    whole = engine and not _is_large(kg)
    held = _engine(kg, turtle) if whole else ""
    return _filled(values() if values else page_values(kg), held, "page" if whole else "")


def page_values(kg: KnowledgeGraph) -> str:
    """Return what the page shows as JSON; of a large graph, an overview."""
    return to_json(page_data(*overview(kg)) if _is_large(kg) else page_data(kg))


def _is_large(kg: KnowledgeGraph) -> bool:
    return is_too_large(len(kg.entities), len(kg.claims) + len(kg.observations))


def served_page(data: Json) -> str:
    """Return the explorer's HTML for a server: `data` is an overview, and the page asks the server for the rest."""
    questions = to_json(question_data(data["base"], ()))
    return _filled(to_json(data | {"server": True}), _element("application/json", "questions", questions), "server")


def _filled(data: str, engine: str = "", answers: str = "") -> str:
    """Return the page; `answers` tells what answers queries: its own engine ("page"), the "server" or nothing ("").

    The engine stands behind the script: by far the largest part of the page is read when the map is drawn already.
    """
    style, script = _asset("explorer.css"), _asset("explorer.js")
    connect = "connect-src 'self'; " if answers == "server" else ""
    filled = {"csp": _policy(style, script, connect), "style": style, "script": script, "answers": answers}
    filled |= {"data": data, "engine": engine}
    pieces = []
    rest = _asset("template.html")
    while "{{" in rest:
        before, _, rest = rest.partition("{{")
        name, _, rest = rest.partition("}}")
        pieces += [before, filled[name]]
    return "".join([*pieces, rest])


def _engine(kg: KnowledgeGraph, turtle: Path | None) -> str:
    parts = {
        "engine-wasm": ("application/octet-stream", wasm()),
        "engine-graph": ("application/octet-stream", packed(turtle.read_bytes() if turtle else turtle_of(kg))),
        "questions": ("application/json", to_json(question_data(kg.base, (source.id for source in kg.sources)))),
    }
    return "".join(_element(kind, name, text) for name, (kind, text) in parts.items())


def _element(kind: str, name: str, text: str) -> str:
    return f'<script type="{kind}" id="{name}">{text}</script>\n'


def _policy(style: str, script: str, connect: str) -> str:
    """Return the content security policy: this script, this style, nothing from anywhere (but a server's own data)."""
    return (
        f"default-src 'none'; script-src '{_digest(script)}' 'wasm-unsafe-eval'; style-src '{_digest(style)}'; "
        f"{connect}img-src data: blob:; base-uri 'none'; form-action 'none'"
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
