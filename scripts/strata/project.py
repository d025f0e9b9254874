"""Where the dbt project lies, and what is known of it before dbt runs."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from strata.errors import StrataError

# A folder that holds all of these is a checkout.
MARKS = ("dbt_project.yml", "seeds/policy/policies.csv")


def project_dir() -> Path:
    """Return the checkout at or above the working directory, else that of the installed package.

    Raises StrataError if neither exists.
    """
    folder = _around(Path.cwd()) or _around(Path(__file__).resolve().parents[2])
    if folder is None:
        raise StrataError(
            f"no Strata checkout at or above {Path.cwd()}: run the command inside one, or install "
            "Strata from one with `pip install -e`"
        )
    return folder


def home() -> Path:
    """Return the folder that `warehouse/`, `exports/` and `data/` lie in unless an option says so.

    It is the checkout at or above the working directory, else the working directory itself: nothing
    is written into a checkout that the caller does not stand in.
    """
    return _around(Path.cwd()) or Path.cwd()


def examples() -> Path:
    """Return the folder with the shipped mappings."""
    return project_dir() / "examples"


def _around(folder: Path) -> Path | None:
    """Return the nearest folder at or above one that is a Strata checkout, not any dbt project."""
    places = (folder, *folder.parents)
    return next((place for place in places if all((place / m).is_file() for m in MARKS)), None)


@dataclass(frozen=True)
class Project:
    """A dbt project, or the copy of its seeds in a release, and the values of its vars."""

    folder: Path
    variables: dict[str, Any]

    @classmethod
    def find(cls) -> Project:
        """Return the project that the working directory lies in."""
        folder = project_dir()
        document = yaml.safe_load((folder / "dbt_project.yml").read_text(encoding="utf-8"))
        return cls(folder, document.get("vars") or {})

    @property
    def raw(self) -> Path:
        """The folder with raw files that is read unless another is named."""
        return home() / str(self.variables.get("raw_data_dir") or "data/raw")

    def today(self) -> date:
        """Return today's date where the company keeps its books."""
        zone = str(self.variables.get("business_time_zone") or "UTC")
        return datetime.now(ZoneInfo(zone)).date()

    def policy(self, wanted: str | None) -> str:
        """Return the policy_key that a run uses.

        Raises StrataError with the policies of policies.csv if it has no such one.
        """
        key = wanted or str(self.variables.get("segmentation_policy") or "default")
        known = self.policies()
        if key not in known:
            file = self.folder / "seeds/policy/policies.csv"
            raise StrataError(f"no policy {key} in {file}; there: {', '.join(known)}")
        return key

    def policies(self) -> dict[str, dict[str, str]]:
        """Return the rows of policies.csv by policy_key."""
        return self._rows("policies", "policy_key")

    def metrics(self) -> dict[str, dict[str, str]]:
        """Return the rows of metrics.csv by metric."""
        return self._rows("metrics", "metric")

    def _rows(self, seed: str, key: str) -> dict[str, dict[str, str]]:
        path = self.folder / "seeds" / "policy" / f"{seed}.csv"
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return {row.get(key, ""): row for row in csv.DictReader(lines)}
