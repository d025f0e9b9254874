"""Paths mean what they mean in the caller's folder, in every command."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from strata import cli
from strata.options import MappingFolder, NamedFile
from strata.project import Project, examples, home, project_dir
from strata_lab import cli as lab_cli


def parameters(command: click.Command, name: str) -> Iterator[tuple[str, click.Parameter]]:
    """Yield every parameter of a command and of those below it."""
    yield from ((f"{name} {one.name}", one) for one in command.params)
    if isinstance(command, click.Group):
        context = click.Context(command)
        for key in command.list_commands(context):
            below = command.get_command(context, key)
            assert below is not None
            yield from parameters(below, f"{name} {key}")


EVERY = [*parameters(cli.group, "strata"), *parameters(lab_cli.group, "strata-lab")]


def test_every_path_is_made_absolute() -> None:
    paths = {name: one for name, one in EVERY if isinstance(one.type, click.Path)}
    assert [name for name, one in paths.items() if not one.type.resolve_path] == []  # type: ignore[attr-defined]
    assert {"strata build out", "strata data import mapping", "strata-lab compare before"} <= set(
        paths
    )


def test_no_path_comes_as_plain_text() -> None:
    plain = [
        name
        for name, one in EVERY
        if one.type is click.STRING
        and any(word in (one.make_metavar(click.Context(cli.group))) for word in ("FILE", "DIR"))
    ]
    assert plain == []


def test_defaults_lie_where_the_caller_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert home() == tmp_path
    assert Project.find().raw == tmp_path / "data/raw"
    found = {name: one.get_default(click.Context(cli.group)) for name, one in EVERY}
    assert found["strata build out"] == tmp_path / "warehouse"
    assert found["strata export lists"] == tmp_path / "exports"
    assert found["strata data sample out"] == tmp_path / "data"
    monkeypatch.chdir(project_dir() / "docs")
    assert home() == project_dir()


def test_another_dbt_project_is_no_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "dbt_project.yml").write_text("name: theirs\n")
    monkeypatch.chdir(tmp_path)
    assert home() == tmp_path
    assert project_dir() != tmp_path


def test_input_keeps_its_name_before_an_absolute_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    convert = NamedFile().convert
    assert convert("orders=a.csv", None, None) == f"orders={tmp_path}/a.csv"
    assert convert("a.csv", None, None) == f"{tmp_path}/a.csv"
    (tmp_path / "x=1.csv").touch()
    assert convert("x=1.csv", None, None) == f"{tmp_path}/x=1.csv"


def test_mapping_is_a_folder_here_or_an_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    convert = MappingFolder().convert
    assert convert("web_shop", None, None) == examples() / "web_shop"
    assert convert("examples/web_shop", None, None) == examples() / "web_shop"
    assert convert("no_such", None, None) == tmp_path / "no_such"
    (tmp_path / "web_shop").mkdir()
    assert convert("web_shop", None, None) == tmp_path / "web_shop"
