"""`strata build` killed at any moment leaves a whole release, and the next build just works."""

from __future__ import annotations

import os
import random
import time
from typing import TYPE_CHECKING

import pytest

from strata.publish.progress import PHASES

if TYPE_CHECKING:
    from tests.python.publish.conftest import Toy

# Kills at random moments, besides one in each phase.
KILLS = int(os.environ.get("STRATA_KILLS", "2"))


def kill_in(toy: Toy, phase: str) -> None:
    """Start a build and kill it as soon as it says that it is in a phase."""
    with toy.start("build") as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line == f"phase: {phase}\n":
                process.kill()
                return
    pytest.fail(f"the build ended without phase {phase}")


def test_kill_in_each_phase_and_at_random(toy: Toy) -> None:
    old = toy.info()["build_id"]
    for phase in PHASES:
        kill_in(toy, phase)
        toy.assert_whole()
        if phase != "swap":
            assert toy.info()["build_id"] == old
    started = time.monotonic()
    outcome = toy.run("build")
    assert outcome.returncode == 0, outcome.stderr
    toy.assert_whole()
    duration = time.monotonic() - started
    chance = random.Random(os.environ.get("STRATA_SEED"))
    for _ in range(KILLS):
        with toy.start("build") as process:
            time.sleep(chance.uniform(0, duration))
            process.kill()
        toy.assert_whole()
    if KILLS:
        outcome = toy.run("build")
        assert outcome.returncode == 0, outcome.stderr
        toy.assert_whole()
    kept = {release for release in os.listdir(toy.out / "releases")}
    for release in kept:
        assert (toy.out / "releases" / release / "release.json").is_file()
