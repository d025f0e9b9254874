"""The releases in a warehouse folder, and the link `current` that says which one is read."""

from __future__ import annotations

import json
import re
import secrets
import shlex
import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from strata import __version__
from strata.errors import StrataError
from strata.warehouse.files import point

PUBLIC = "strata.duckdb"
PRIVATE = "private.duckdb"
# Written last: a release folder without it belongs to a build that did not end.
MARKER = "release.json"


@dataclass(frozen=True)
class Release:
    """A whole release; `info` is its release.json."""

    folder: Path
    info: dict[str, Any]

    @property
    def build_id(self) -> str:
        """The release's key, which sorts by start."""
        return str(self.info["build_id"])

    @property
    def edition(self) -> str:
        """The version of Strata that made the release; empty if an older one kept none."""
        return str(self.info.get("versions", {}).get("strata", ""))

    @property
    def is_newer(self) -> bool:
        """Whether a newer edition than this one made the release."""
        return _numbers(self.edition) > _numbers(__version__)

    @property
    def as_of_date(self) -> date:
        """The date that the release describes."""
        return date.fromisoformat(self.info["as_of_date"])

    @property
    def currency(self) -> str | None:
        """The currency of every amount; None in a release that an older Strata made."""
        value: str | None = self.info.get("vars", {}).get("base_currency")
        return value

    @property
    def previous(self) -> str | None:
        """The build_id of the release whose state this one started from."""
        value: str | None = self.info.get("previous")
        return value

    @property
    def public(self) -> Path:
        """The database that everybody may read."""
        return self.folder / PUBLIC

    @property
    def private(self) -> Path:
        """The database with personal data and the state for the next build."""
        return self.folder / PRIVATE


class Warehouse:
    """A warehouse folder: `releases/<build_id>/`, the link `current`, `failed/`, locks and logs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.releases_folder = folder / "releases"
        self.link = folder / "current"
        self.failed = folder / "failed"

    def create(self) -> None:
        """Make the folder if there is none."""
        try:
            self.releases_folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StrataError(f"cannot make {self.releases_folder}: {error.strerror}") from None

    def current(self) -> Release | None:
        """Return the release that is read now, or None before the first one.

        Raises StrataError if `current` leads to something that is not a whole release, or to one
        that a newer edition made.
        """
        if not self.link.is_symlink():
            if self.link.exists():
                raise StrataError(f"{self.link} is not a link that a build made: move it away")
            return None
        folder = self.releases_folder / self.link.readlink().name
        release = _read(folder)
        if release is None:
            raise StrataError(
                f"{self.link} leads to {folder}, whose {MARKER} is missing or damaged: go back "
                "with `strata rollback`, or delete the link to start anew"
            )
        return self._not_newer(release)

    def need_current(self) -> Release:
        """Return the current release, or raise StrataError if there is none yet."""
        release = self.current()
        if release is None:
            raise StrataError(
                f"{self.folder} has no release yet: run "
                f"`strata build --out {shlex.quote(str(self.folder))}` first"
            )
        return release

    def releases(self) -> list[Release]:
        """Return the whole releases, newest first."""
        if not self.releases_folder.is_dir():
            return []
        folders = sorted(self.releases_folder.iterdir(), reverse=True)
        return [release for release in map(_read, folders) if release is not None]

    def get(self, build_id: str) -> Release:
        """Return the release with this build_id.

        Raises StrataError with those that exist, or if a newer edition made it.
        """
        known = {release.build_id: release for release in self.releases()}
        if build_id not in known:
            there = ", ".join(known) or "none"
            raise StrataError(f"no release {build_id} in {self.releases_folder}; there: {there}")
        return self._not_newer(known[build_id])

    def find(self, name: str) -> Release:
        """Return the release in the folder of this path, or else that with this build_id."""
        release = _read(Path(name).resolve())
        return self._not_newer(release) if release else self.get(name)

    def _not_newer(self, release: Release) -> Release:
        """Return a release, or raise StrataError if a newer edition made it."""
        if release.is_newer:
            ours = [one.build_id for one in self.releases() if not one.is_newer]
            back = f"run `strata rollback --to {ours[0]}`" if ours else "name another folder"
            raise StrataError(
                f"release {release.build_id} was made by Strata {release.edition}, and this is "
                f"{__version__}: upgrade, or {back}"
            )
        return release

    def new_folder(self) -> Path:
        """Make the folder of a new build, named by its build_id: UTC time and random letters."""
        build_id = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
        folder = self.releases_folder / build_id
        folder.mkdir()
        return folder

    def publish(self, build_id: str) -> None:
        """Make a release the current one, in one step."""
        point(self.link, f"releases/{build_id}")

    def clear_dead_builds(self) -> None:
        """Delete what builds left that were killed. Only for the holder of the lock."""
        for folder in self.releases_folder.iterdir():
            if not (folder / MARKER).is_file():
                shutil.rmtree(folder)

    def put_aside(self, folder: Path) -> None:
        """Keep the logs of a failed build as `failed/`, in place of the failed one before it."""
        (folder / MARKER).unlink(missing_ok=True)
        for data in folder.glob("*.duckdb*"):
            data.unlink()
        shutil.rmtree(folder / "tmp", ignore_errors=True)
        shutil.rmtree(self.failed, ignore_errors=True)
        folder.rename(self.failed)

    def prune(self, keep: int) -> None:
        """Delete all but `keep` releases.

        The current one stays, then those that it descends from; those that a rollback left behind
        go first.
        """
        known = {release.build_id: release for release in self.releases()}
        order: list[Release] = []
        release = self.current()
        while release is not None:
            order.append(known.pop(release.build_id))
            release = known.get(release.previous or "")
        for release in [*order, *known.values()][keep:]:
            # Without its marker it is no release any more, should the deletion be cut short.
            (release.folder / MARKER).unlink()
            shutil.rmtree(release.folder)

    def rollback(self, to: str | None) -> Release:
        """Make the release before the current one, or the one named, the current one.

        Raises StrataError if there is no such release.
        """
        release = self.get(to or self.before())
        self.publish(release.build_id)
        return release

    def before(self) -> str:
        """Return the release before the current one; if that is damaged, the newest older one.

        Raises StrataError if there is none.
        """
        name = self.link.readlink().name
        current = _read(self.releases_folder / name)
        if current is None:
            older = [r.build_id for r in self.releases() if r.build_id < name]
            if not older:
                raise StrataError(
                    f"{self.link} leads to {name}, which is damaged, and no release is "
                    "older: delete the link, then run `strata build`"
                )
            return older[0]
        if current.previous is None:
            raise StrataError(f"{name} is the first release: build again, or name another one")
        return current.previous


def _numbers(version: str) -> tuple[int, ...]:
    """Return the three numbers of a version, which order editions; none of an unknown one."""
    return tuple(map(int, re.findall(r"\d+", version)[:3]))


def _read(folder: Path) -> Release | None:
    """Return a release, or None if its marker is missing, cut off or no release's."""
    try:
        release = Release(folder, json.loads((folder / MARKER).read_text(encoding="utf-8")))
        return release if release.build_id and release.as_of_date else None
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError):
        return None
