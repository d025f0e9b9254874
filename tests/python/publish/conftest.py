"""A small dbt project with the layout that publishing relies on, and one release of it."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from strata.cli import main

TOY = Path(__file__).parent / "toy"
ROOT = Path(__file__).parents[3]
COMMAND = [sys.executable, "-m", "strata"]


@dataclass(frozen=True)
class Toy:
    """A project (the toy one unless said otherwise) with raw files and a warehouse of its own."""

    folder: Path
    out: Path
    options: tuple[str, ...] = ()  # for every build

    @property
    def current(self) -> Path:
        return self.out / "current"

    def write_orders(self, orders: int = 60, amount: int = 10, extra: str = "") -> None:
        """Write orders of 12 customers, each order of one customer of the same amount."""
        lines = ["order_id,customer_code,ordered_at,order_total_amount"]
        lines += [
            f"o{number},c{number % 12},2026-0{1 + number % 9}-10,{amount * (1 + number % 12)}.00"
            for number in range(orders)
        ]
        raw = self.folder / "data" / "raw"
        raw.mkdir(parents=True, exist_ok=True)
        (raw / "erp_orders.csv").write_text("\n".join([*lines, extra]) + "\n", encoding="utf-8")

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start `strata` with arguments in the project's folder."""
        return subprocess.Popen(
            [*COMMAND, *arguments],
            cwd=self.folder,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `strata` with arguments in the project's folder, in this process.

        It is sooner done than by `start`: Great Expectations is imported once only.
        """
        out, err, code = io.StringIO(), io.StringIO(), 0
        with (
            contextlib.chdir(self.folder),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            pytest.MonkeyPatch.context() as patch,
        ):
            patch.setenv("PYTHONPATH", environment()["PYTHONPATH"])
            patch.setattr(sys, "argv", ["strata", *arguments])
            try:
                main()
            except SystemExit as stopped:
                code = int(stopped.code or 0)
        return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())

    def info(self) -> dict[str, Any]:
        """Return the current release's release.json."""
        content: dict[str, Any] = json.loads((self.current / "release.json").read_text())
        return content

    def query(self, query: str, database: str = "strata.duckdb") -> list[tuple[Any, ...]]:
        """Ask one of the current release's databases."""
        with duckdb.connect(str(self.current / database), read_only=True) as connection:
            return connection.execute(query).fetchall()

    def assert_whole(self) -> None:
        """Check that the current release holds the rows that it says it holds."""
        info = self.info()
        assert self.current.resolve().name == info["build_id"]
        for database, tables in info["rows"].items():
            for table, rows in tables.items():
                assert self.query(f"select count(*) from {table}", database) == [(rows,)]
        ids = self.query("select distinct build_id from customer_segments")
        assert ids == [(info["build_id"],)]


def environment() -> dict[str, str]:
    """Return an environment in which a child finds this checkout's package."""
    scripts = str(ROOT / "scripts")
    path = os.pathsep.join(filter(None, [scripts, os.environ.get("PYTHONPATH")]))
    return os.environ | {"PYTHONPATH": path}


@pytest.fixture(scope="session")
def first_build(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Toy, subprocess.CompletedProcess[str]]:
    """A toy project with one release, and what its build printed; not to be changed."""
    folder = tmp_path_factory.mktemp("first") / "toy"
    toy = Toy(folder, folder / "warehouse")
    shutil.copytree(TOY, toy.folder)
    toy.write_orders(extra="o98,c1,never,3.00")
    outcome = toy.run("build")
    assert outcome.returncode == 0, outcome.stderr
    return toy, outcome


@pytest.fixture
def toy(first_build: tuple[Toy, object], tmp_path: Path) -> Toy:
    """A copy of the toy project with its first release, to do anything with."""
    shutil.copytree(first_build[0].folder, tmp_path / "toy", symlinks=True)
    return Toy(tmp_path / "toy", tmp_path / "toy" / "warehouse")


@pytest.fixture
def real(tmp_path: Path) -> Toy:
    """The project itself with a small sample company and one release outside the checkout."""
    out = tmp_path / "warehouse"
    raw = tmp_path / "sample" / "raw"
    project = Toy(ROOT, out, ("--raw", str(raw), "--out", str(out)))
    made = project.run("data", "sample", "--customers", "200", "--out", str(raw.parent))
    assert made.returncode == 0, made.stderr
    built = project.run("build", *project.options)
    assert built.returncode == 0, built.stderr
    return project


@pytest.fixture
def make_release(tmp_path: Path) -> Callable[..., Path]:
    """A function that writes a bare release without dbt and returns its folder."""

    def make(
        build_id: str, as_of_date: str = "2026-09-10", previous: str | None = None, **info: Any
    ) -> Path:
        folder = tmp_path / "warehouse" / "releases" / build_id
        folder.mkdir(parents=True)
        with duckdb.connect(str(folder / "strata.duckdb")) as connection:
            for table in ("one", "two"):
                connection.execute(f"create table {table} as select '{build_id}' as build_id")
        info |= {"build_id": build_id, "as_of_date": as_of_date, "previous": previous}
        (folder / "release.json").write_text(json.dumps(info))
        return folder

    return make
