"""The documents of the stress tests, and the builds that the others are compared with."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from output.building import build_into
from output.options import BuildOptions
from tests.cli import PLAN
from tests.stress.children import tree


@dataclass(frozen=True)
class Ground:
    """A folder to work in: documents, the build of them, and an older build of other documents."""

    folder: Path
    documents: Path
    older: Path
    expected: dict[str, bytes]

    def fresh(self, name: str, *, older: bool) -> Path:
        """Return a path to build to, with the older build in it or without anything."""
        path = self.folder / name
        shutil.rmtree(path, ignore_errors=True)
        if older:
            shutil.copytree(self.older, path)
        return path


def prepare(folder: Path) -> Ground:
    """Make documents and builds below a folder; loads all code and models into this process."""
    documents, others = folder / "documents", folder / "others"
    for where, names in ((documents, ("plan", "second plan")), (others, ("plan", "gone"))):
        where.mkdir()
        for number, name in enumerate(names):
            text = PLAN.replace("旅游业", ("旅游业", "物流业")[number]) + "建设龙泉水库。\n" * (where is others)
            (where / f"{name}.txt").write_text(text, encoding="utf-8")
    build_into(folder / "older", [others], BuildOptions(tier="fast"))
    build_into(folder / "expected", [documents], BuildOptions(tier="fast"))
    return Ground(folder, documents, folder / "older", tree(folder / "expected"))
