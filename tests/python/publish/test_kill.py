"""`strata build` killed at any moment leaves a whole release, and the next build just works."""

from __future__ import annotations

import os
import random
import time
from typing import TYPE_CHECKING

import pytest

from strata.warehouse.progress import PHASES

if TYPE_CHECKING:
    from tests.python.publish.conftest import Toy

# Kills at random moments, besides one in each phase.
KILLS = int(os.environ.get("STRATA_KILLS", "1"))
# The toy project takes a third of the time; set STRATA_KILL_REAL=1 to try the real one as well.
PROJECTS = ["toy", "real"] if os.environ.get("STRATA_KILL_REAL") == "1" else ["toy"]


def kill_in(project: Toy, phase: str) -> None:
    """Start a build and kill it as soon as it says that it is in a phase."""
    with project.start("build", *project.options) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line == f"phase: {phase}\n":
                process.kill()
                return
    pytest.fail(f"the build ended without phase {phase}")


def build(project: Toy) -> None:
    """Build without cleaning up first."""
    outcome = project.run("build", *project.options)
    assert outcome.returncode == 0, outcome.stderr
    project.assert_whole()


@pytest.mark.parametrize("name", PROJECTS)
def test_kill_in_each_phase_and_at_random(name: str, request: pytest.FixtureRequest) -> None:
    project: Toy = request.getfixturevalue(name)
    old = project.info()["build_id"]
    for phase in PHASES:
        kill_in(project, phase)
        project.assert_whole()
        if phase != "swap":
            assert project.info()["build_id"] == old
    started = time.monotonic()
    build(project)
    duration = time.monotonic() - started
    chance = random.Random(os.environ.get("STRATA_SEED"))
    for _ in range(KILLS):
        with project.start("build", *project.options) as process:
            time.sleep(chance.uniform(0, duration))
            process.kill()
        project.assert_whole()
    if KILLS:
        build(project)
    for release in (project.out / "releases").iterdir():
        assert (release / "release.json").is_file()
