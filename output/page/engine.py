"""What the page needs to answer SPARQL: Oxigraph as WebAssembly, the triples, the named questions.

Both are compressed and inlined as base64; the browser unpacks them when they are first used.
`oxigraph.wasm.gz` is made from the npm package by `npm run build`.
"""

import base64
import gzip
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from graph.questions import questions
from graph.rdf import prefixes
from graph.terms import Names

_WASM = Path(__file__).with_name("oxigraph.wasm.gz")


@lru_cache(maxsize=1)
def wasm() -> str:
    """Return the compressed query engine as base64."""
    return base64.b64encode(_WASM.read_bytes()).decode()


def packed(turtle: bytes) -> str:
    """Return a Turtle document compressed, as base64; the same document gives the same characters."""
    return base64.b64encode(gzip.compress(turtle, compresslevel=6, mtime=0)).decode()


def question_data(base: str, documents: Iterable[str]) -> dict[str, Any]:
    """Return the prefixes, the documents' IRIs by id, and the named questions with their parameters, JSON-ready."""
    names = Names(base)
    return {
        "prefixes": prefixes(base),
        "documents": {id: names.source(id).value for id in documents},
        "questions": [
            {
                "name": question.name,
                "zh": question.zh,
                "en": question.en,
                "sparql": question.sparql,
                "parameters": [
                    {"name": p.name, "type": p.type, "default": p.default, "zh": p.zh, "en": p.en}
                    for p in question.parameters
                ],
            }
            for question in questions().values()
        ],
    }
