"""The network for other programs: GraphML (Gephi, yEd, Cytoscape) and GEXF (Gephi).

Labels, colours and places are given, so that the graph can be read as soon as it is opened.
"""

import io
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import networkx

from graph.model import KnowledgeGraph
from graph.network import to_networkx
from output.files import write_bytes
from output.page.layout import lay_out_map

# The colours of the explorer's light theme.
COLOURS: Mapping[str, tuple[int, int, int]] = {
    "District": (0x2F, 0x4F, 0xC9),
    "Park": (0x0A, 0x8F, 0x7D),
    "Project": (0xD9, 0x57, 0x0E),
    "Facility": (0x64, 0x74, 0x8B),
    "Industry": (0x3F, 0x91, 0x30),
    "Policy": (0x8A, 0x3A, 0xB0),
    "Enterprise": (0xC9, 0x2A, 0x63),
    "Institution": (0xB0, 0x7D, 0x00),
    "Indicator": (0x0F, 0x8A, 0xA8),
}
# XML 1.0 has no way to write these characters.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_graphml(kg: KnowledgeGraph, path: Path) -> None:
    """Write the network as GraphML, UTF-8; nodes carry `label`, `x`, `y` and a colour for Gephi."""
    network = _prepared(kg)
    for node, at in lay_out_map(kg).places.items():
        red, green, blue = COLOURS[network.nodes[node]["type"]]
        network.nodes[node].update(x=round(at.x, 3), y=round(at.y, 3), size=round(at.size, 3), r=red, g=green, b=blue)
    write_bytes(path, "\n".join(networkx.generate_graphml(network, named_key_ids=True)).encode("utf-8") + b"\n")


def write_gexf(kg: KnowledgeGraph, path: Path) -> None:
    """Write the network as GEXF 1.2 with the visual module's colours and places, UTF-8."""
    network = _prepared(kg)
    for node, at in lay_out_map(kg).places.items():
        red, green, blue = COLOURS[network.nodes[node]["type"]]
        network.nodes[node]["viz"] = {
            "color": {"r": red, "g": green, "b": blue, "a": 1.0},
            "position": {"x": round(at.x, 3), "y": round(at.y, 3), "z": 0.0},
            "size": round(at.size, 3),
        }
    out = io.BytesIO()
    networkx.write_gexf(network, out, version="1.2draft")
    # networkx writes today's date, which would make each build differ.
    write_bytes(path, re.sub(rb' lastmodifieddate="[^"]*"', b"", out.getvalue()))


def _prepared(kg: KnowledgeGraph) -> "networkx.MultiDiGraph[str]":
    """Return the network with a `label` on nodes and edges, and without characters that XML lacks."""
    network = to_networkx(kg)
    for _, about in network.nodes(data=True):
        _clean(about)
        about["label"] = about["name"]
    for _, _, about in network.edges(data=True):
        _clean(about)
        about["label"] = about["predicate_zh"]
    return network


def _clean(about: dict[str, Any]) -> None:
    for key, value in about.items():
        if isinstance(value, str):
            about[key] = _NOT_XML.sub("\ufffd", value)
