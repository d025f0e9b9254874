"""The command line as a user meets it, and a raw folder that a build accepts."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]

ORDERS = """\
order_id,customer_code,ordered_at,order_total_amount
0001,C1,2024-03-04,10.50
0002,,2024-03-05 08:00:00,7
"""


@pytest.fixture
def strata() -> Run:
    """Run `strata ARGUMENTS…` in a process of its own."""

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        code = "from strata.cli import main; main()"
        command = [sys.executable, "-c", code, *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    return run


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """A raw folder with two orders, one of a guest."""
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "erp_orders.csv").write_text(ORDERS, encoding="utf-8")
    return folder
