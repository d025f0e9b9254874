"""Fixtures that several tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


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
        "online_retail_2010_2011.parquet, rfm_data_orders.parquet and "
        "rfm_data_orders_expected_scores.parquet (docs/reference-data.md says where they come from)"
    )
    if os.environ.get("STRATA_REQUIRE_REFERENCE_DATA") == "1":
        pytest.fail(message)
    pytest.skip(message)
