"""GraphML and GEXF, read back by networkx and by an XML parser."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import networkx
import pytest
from lxml import etree

from graph.model import KnowledgeGraph
from graph.network import to_networkx
from ontology.schema import EntityType, Predicate
from output.graphml import COLOURS, write_gexf, write_graphml
from tests.graph.sample import hostile, rich, sample

Write = Callable[[KnowledgeGraph, Path], None]
Read = Callable[[Path], "networkx.MultiDiGraph[str]"]


def read_graphml(path: Path) -> "networkx.MultiDiGraph[str]":
    return networkx.read_graphml(path, force_multigraph=True)


FORMATS: dict[str, tuple[Write, Read]] = {
    "graphml": (write_graphml, read_graphml),
    "gexf": (write_gexf, networkx.read_gexf),
}


def unix(value: object) -> object:
    """XML readers turn the line ends of elements into "\\n"."""
    return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value


def test_networkx_view() -> None:
    kg = sample()
    network = to_networkx(kg)
    assert (network.number_of_nodes(), network.number_of_edges()) == (27, 18)
    park = next(n for n, about in network.nodes(data=True) if about["name"] == "米东化工工业园")
    assert network.nodes[park]["type_zh"] == "园区"
    biomedicine = next(n for n, about in network.nodes(data=True) if about["name"] == "生物医药产业")
    parallel = network.get_edge_data(park, biomedicine)
    assert {about["document"] for about in parallel.values()} == {"midong-plan", "urumqi-plan"}
    assert {about["predicate_zh"] for about in parallel.values()} == {"发展"}
    only = to_networkx(kg, [Predicate.PART_OF])
    assert (only.number_of_nodes(), only.number_of_edges()) == (27, 2)


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("kg", [sample(), rich(), hostile()], ids=["sample", "rich", "hostile"])
def test_networkx_reads_it_back(kg: KnowledgeGraph, ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"g.{ending}"
    write, read = FORMATS[ending]
    write(kg, path)
    found, expected = read(path), to_networkx(kg)
    assert set(found.nodes) == set(expected.nodes)
    for node, about in expected.nodes(data=True):
        for key, value in about.items():
            assert unix(found.nodes[node].get(key, "")) == unix(value), (node, key)
    edges = sorted((a, b, d["predicate"], d["document"], d["status"]) for a, b, d in expected.edges(data=True))
    back = sorted((a, b, d["predicate"], d["document"], d.get("status", "")) for a, b, d in found.edges(data=True))
    assert back == edges


@pytest.mark.parametrize("ending", FORMATS)
def test_it_is_the_same_each_time_and_well_formed(ending: str, tmp_path: Path) -> None:
    write = FORMATS[ending][0]
    write(hostile(), tmp_path / "a")
    write(hostile(), tmp_path / "b")
    data = (tmp_path / "a").read_bytes()
    assert data == (tmp_path / "b").read_bytes()
    assert b"lastmodified" not in data
    tree = etree.fromstring(data)
    assert not tree.xpath("//*[local-name()='script' or local-name()='img']")


def test_control_characters_are_shown(tmp_path: Path) -> None:
    kg = sample()
    odd = replace(kg.entities[0], name="a\0b\x0bc")
    write_graphml(replace(kg, entities=(odd, *kg.entities[1:])), tmp_path / "g")
    assert read_graphml(tmp_path / "g").nodes[odd.id]["label"] == "a\ufffdb\ufffdc"


def test_gephi_finds_colours_and_places(tmp_path: Path) -> None:
    write_graphml(sample(), tmp_path / "a")
    write_gexf(sample(), tmp_path / "b")
    assert set(COLOURS) == {t.value for t in EntityType}
    for about in dict(read_graphml(tmp_path / "a").nodes(data=True)).values():
        assert (about["r"], about["g"], about["b"]) == COLOURS[about["type"]]
        assert {"x", "y", "size", "label"} <= set(about)
    places = {
        (about["viz"]["position"]["x"], about["viz"]["position"]["y"])
        for about in dict(networkx.read_gexf(tmp_path / "b").nodes(data=True)).values()
    }
    assert len(places) == 27
