"""Where the dbt project and a company's folder lie, and what is known of them before dbt runs."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from strata import __version__
from strata.errors import StrataError
from strata.seeds import Row, Seed, read_seeds
from strata.settings import FILE, FOLDERS, Settings, read_settings
from strata.yaml_file import read_yaml

# A folder that holds all of these is a checkout.
MARKS = ("dbt_project.yml", "seeds/policy/policies.csv")
# Where dbt finds the shipped project from a company's folder: a link to the installed one, unless
# the company has `dbt deps` bring another.
PACKAGE = "dbt_packages/strata"
CHOSEN = "packages.yml"
# The folder that `--company` names.
named: ContextVar[Path | None] = ContextVar("named", default=None)


def project_dir() -> Path:
    """Return the shipped dbt project that the working directory, or `--company`, is served by.

    It is the package that the company's packages.yml names, the checkout at or above the working
    directory, or that of the installed package. Raises StrataError if none exists.
    """
    company = company_dir()
    if company is not None and (company / CHOSEN).exists():
        chosen = (company / PACKAGE).resolve()
        if not _is_checkout(chosen):
            raise StrataError(f"{company / CHOSEN}: run `dbt deps` in the folder, to have Strata")
        return chosen
    folder = _installed() if company else _around(Path.cwd()) or _installed()
    if folder is None:
        raise StrataError("the installed package lacks its dbt project: install Strata again")
    return folder


def company_dir() -> Path | None:
    """Return the company's folder: `--company`, else the nearest at or above the working directory.

    Raises StrataError if `--company` is none, or if it lies inside a checkout.
    """
    folder = named.get()
    if folder is None:
        places = (Path.cwd(), *Path.cwd().parents)
        folder = next((p for p in places if (p / FILE).is_file() or _is_checkout(p)), None)
        if folder is None or _is_checkout(folder):
            return None
    elif not (folder / FILE).is_file():
        raise StrataError(
            f"--company {folder}: there is no {FILE}: make one with `strata init {folder}`"
        )
    refuse_checkout(folder)
    return folder


def refuse_checkout(folder: Path) -> None:
    """Raise StrataError if a company's folder, or one of its settings, lies inside Strata."""
    if checkout := _around(folder):
        raise StrataError(
            f"{folder} lies inside the Strata project {checkout}: a company's things stand beside "
            "it, so that an upgrade never touches it; name a folder outside"
        )


def home() -> Path:
    """Return the folder that `warehouse/`, `exports/` and `data/` lie in unless an option says so.

    It is the company's folder, the checkout at or above the working directory, or the working
    directory itself: nothing is written into a checkout that the caller does not stand in.
    """
    return company_dir() or _around(Path.cwd()) or Path.cwd()


def examples() -> Path:
    """Return the folder with the shipped mappings."""
    return project_dir() / "examples"


def _around(folder: Path) -> Path | None:
    """Return the nearest folder at or above one that is a Strata checkout, not any dbt project."""
    return next(filter(_is_checkout, (folder, *folder.parents)), None)


def _is_checkout(folder: Path) -> bool:
    return all((folder / mark).is_file() for mark in MARKS)


def _installed() -> Path | None:
    """Return the project that the installed package lies in, or that the wheel put into it."""
    package = Path(__file__).resolve().parent
    return next(filter(_is_checkout, (package.parents[1], package / "dbt_project")), None)


@dataclass(frozen=True)
class Project:
    """The shipped dbt project in `folder`, the company's settings, and the values of the vars."""

    folder: Path
    company: Settings | None
    variables: dict[str, Any]

    @classmethod
    def find(cls) -> Project:
        """Return the project that serves the working directory or `--company`.

        Raises StrataError if a setting is wrong, or if the folder brings another edition of Strata.
        """
        folder, company = project_dir(), company_dir()
        shipped = read_yaml(folder / "dbt_project.yml")
        if company is None:
            return cls(folder, None, shipped.get("vars") or {})
        if str(shipped["version"]) != __version__:
            raise StrataError(
                f"{folder} is Strata {shipped['version']} and this command is {__version__}: "
                "install the same edition of both"
            )
        settings = read_settings(company, folder)
        for name in FOLDERS:
            refuse_checkout(settings.place(name).resolve())
        return cls(folder, settings, settings.variables)

    @property
    def company_folder(self) -> Path | None:
        """The company's folder, if there is one."""
        return self.company.folder if self.company else None

    def ready(self) -> Path:
        """Return the folder that dbt runs in, the company's once dbt finds everything in it.

        Raises StrataError if the folder cannot be written.
        """
        if self.company is None:
            return self.folder
        link = self.company.folder / PACKAGE
        try:
            if link.exists() and not (link.is_symlink() or self.folder == link.resolve()):
                raise StrataError(f"{link} is no link: name its origin in {CHOSEN}, or delete it")
            if link.is_symlink() and link.resolve() != self.folder:
                link.unlink()
            if not link.exists():
                link.parent.mkdir(exist_ok=True)
                link.symlink_to(self.folder)
        except OSError as error:
            raise StrataError(f"cannot write {link}: {error.strerror}") from None
        self.company.tell_dbt()
        return self.company.folder

    def place(self, setting: str, otherwise: str) -> Path:
        """Return the folder that a setting of strata.yml names, without one that of `home`."""
        return self.company.place(setting) if self.company else home() / otherwise

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
        if key not in self.policies:
            origin = "" if wanted else "segmentation_policy: "
            known = ", ".join(self.policies)
            raise StrataError(f"{origin}no policy {key} in policies.csv; there: {known}")
        return key

    @property
    def policies(self) -> dict[str, Row]:
        """The rows of policies.csv by policy_key."""
        return {row["policy_key"]: row for row in self._seeds["policies"].rows}

    @property
    def metrics(self) -> dict[str, dict[str, str]]:
        """The rows of metrics.csv by metric."""
        return {row["metric"]: row.cells for row in self._seeds["metrics"].rows}

    @cached_property
    def _seeds(self) -> dict[str, Seed]:
        return read_seeds(self.folder, self.company_folder, ("policy",))
