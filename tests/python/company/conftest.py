"""A company's folder as `strata init` makes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from strata.company.folder import make_folder
from strata.project import named


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Path]:
    """A new folder, which the commands of the test are run for; its path is an awkward one."""
    folder = tmp_path / "我们 的 o'公司"
    make_folder(folder)
    token = named.set(folder)
    yield folder
    named.reset(token)


def append(file: Path, *lines: str) -> None:
    """Write lines at the end of a file."""
    with file.open("a", encoding="utf-8") as opened:
        opened.writelines(f"{line}\n" for line in lines)
