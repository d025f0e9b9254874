"""The parts of the product import one another in one direction, and never the laboratory."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import strata
from strata.cli import group
from strata.errors import StrataError

ROOT = Path(strata.__file__).parent
# A part imports only those on earlier lines; parts of one line know nothing of one another.
ORDER = (
    {"__version__", "errors"},
    {"sql", "stopping", "terminal", "yaml_file"},
    {"catalogue", "replay", "seeds", "settings"},
    {"project"},
    {"options", "warehouse"},
    {"company"},
    {"intake", "policy"},
    {"dbt_plugin", "publish"},
    {"compare", "explain", "learn", "lists"},
    {"cli"},
    {"__main__"},
)
LEVEL = {part: level for level, parts in enumerate(ORDER) for part in parts}


def imports() -> Iterator[tuple[str, str]]:
    """Yield (file, imported module) for every import of the product, those in functions too."""
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in getattr(node, "names", [])]
            if isinstance(node, ast.Import):
                yield from ((str(path.relative_to(ROOT)), name) for name in names)
            elif isinstance(node, ast.ImportFrom):
                yield from ((str(path.relative_to(ROOT)), f"{node.module}.{n}") for n in names)


def test_the_product_does_not_import_the_laboratory() -> None:
    assert [found for found in imports() if found[1].startswith("strata_lab")] == []


def test_no_part_imports_one_that_builds_on_it() -> None:
    edges = {
        (Path(file).parts[0].removesuffix(".py"), name.split(".")[1])
        for file, name in imports()
        if name.startswith("strata.")
    }
    assert [edge for edge in edges if edge[0] != edge[1] and LEVEL[edge[0]] <= LEVEL[edge[1]]] == []


@pytest.mark.parametrize("missing", ["strata_lab.sample.cli", "faker"])
def test_without_the_extra_the_sample_says_how_to_install_it(
    missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("strata_lab.sample")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(StrataError, match=r"pip install 'strata-warehouse\[sample\]'"):
        group(["data", "sample", "--customers", "7"], standalone_mode=False)
