"""A build refuses wrong policies before it does anything: one line, exit code 2, no release."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from strata.errors import StrataError
from strata.policy.lint import refuse_errors
from strata.project import Project
from strata.publish.audit import Limits
from strata.publish.build import build
from strata.publish.guards import Options

from .test_planted_faults import PLANTS

if TYPE_CHECKING:
    from tests.python.policy.conftest import Seeds

# The list of what must stop a build.
REFUSED = [
    "unknown_metric",
    "unknown_operator",
    "unknown_label",
    "unknown_customer_type",
    "threshold_that_is_text",
    "bands_that_overlap",
    "cell_missing",
    "no_stage_for_consumers",
    "no_tiers_at_all",
    "equal_priority",
    "sql_in_a_value",
    "quote_in_a_label",
]


@pytest.mark.parametrize("name", REFUSED)
def test_a_build_refuses(
    name: str, seeds: Seeds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed, line, words = PLANTS[name](seeds)
    monkeypatch.chdir(seeds.folder)
    options = Options(
        raw=tmp_path,
        out=tmp_path / "out",
        as_of=None,
        policy=None,
        keep=1,
        threads=1,
        limits=Limits(1.0, 1.0, 1.0, 1.0),
        accept=True,
    )
    with pytest.raises(StrataError) as error:
        build(Project.find(), options)
    assert error.value.exit_code == 2
    place = f"{seeds.path(seed).relative_to(seeds.folder).as_posix()}:{line}: "
    (told,) = [one for one in str(error.value).splitlines() if place in one and words in one]
    assert told.count(": ") >= 3  # place, name, what is wrong, the fix
    assert not (tmp_path / "out").exists()


def test_a_build_lets_warnings_pass(seeds: Seeds) -> None:
    PLANTS["label_that_nobody_gets"](seeds)
    assert seeds.lint()
    refuse_errors(Project(seeds.folder, None, {}))


def test_a_project_without_rules_is_let_alone(tmp_path: Path) -> None:
    refuse_errors(Project(tmp_path, None, {}))
