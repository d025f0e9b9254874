"""dbt's parse of the project's files, kept for the next run while none of them changes.

Parsing takes dbt a third of a small build. The vars of a run are not seen by it: they count when a
model is compiled. So one parse serves every run of the same files.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import yaml

PACKAGES = ("strata-warehouse", "dbt-core", "dbt-adapters", "dbt-common", "dbt-duckdb")
# Where dbt looks if dbt_project.yml does not say.
FOLDERS = {
    "model-paths": "models",
    "seed-paths": "seeds",
    "macro-paths": "macros",
    "snapshot-paths": "snapshots",
    "test-paths": "tests",
    "analysis-paths": "analyses",
    "function-paths": "functions",
}
NAME = "strata-parsed-"
INSTALLED = Path(__file__).parents[1]


def fingerprint(project: Path) -> str:
    """Return a digest of a dbt project: its files, its place and the versions that read it."""
    digest = hashlib.sha256(f"{project.resolve()}\n{sys.version}".encode())
    for package in PACKAGES:
        with suppress(PackageNotFoundError):
            digest.update(f"\n{package} {version(package)}".encode())
    for path in _files(project):
        content = path.read_bytes()
        digest.update(f"\n{os.path.relpath(path, project)} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def kept_parse(project: Path) -> Path:
    """Return the file that holds, or would hold, the parse of the project as it is now."""
    return project / "target" / f"{NAME}{fingerprint(project)[:32]}.msgpack"


def arguments(kept: Path) -> list[str]:
    """Return the options with which dbt starts from a kept parse, or parses everything."""
    if os.access(kept, os.R_OK):
        return ["--partial-parse", "--partial-parse-file-path", str(kept)]
    return ["--no-partial-parse"]


def keep(parsed: Path, kept: Path) -> None:
    """Keep dbt's partial_parse.msgpack, whole or not at all, in place of those of earlier files.

    Everybody may read it: it holds nothing of the data. Nothing happens if the folder cannot be
    written, or is that of the installed package: the next run parses again.
    """
    if os.access(kept, os.F_OK) or not parsed.is_file() or INSTALLED in kept.parents:
        return
    written = kept.with_suffix(f".{os.getpid()}")
    with suppress(OSError):
        if not kept.parent.exists():
            kept.parent.mkdir()
            kept.parent.chmod(0o755)  # a build makes folders for itself alone
        shutil.copyfile(parsed, written)
        written.chmod(0o644)
        for old in kept.parent.glob(f"{NAME}*.msgpack"):
            old.unlink(missing_ok=True)
        os.replace(written, kept)
    with suppress(OSError):
        written.unlink(missing_ok=True)


def _files(project: Path) -> Iterator[Path]:
    """Yield what dbt reads, in a fixed order: YAML beside dbt_project.yml, and whole folders."""
    settings = yaml.safe_load((project / "dbt_project.yml").read_text(encoding="utf-8"))
    folders: set[str] = set()
    for setting, value in (FOLDERS | settings).items():
        if setting in FOLDERS or setting.endswith("-paths"):
            folders.update(value if isinstance(value, list) else [value])
    found = {
        Path(place) / name
        for folder in folders
        for place, _, files in os.walk(project / folder, followlinks=True)
        if Path(place).name != "__pycache__"
        for name in files
    }
    yield from sorted(found.union(*map(project.glob, ("*.yml", "*.yaml", ".dbtignore"))))
    packages = project / settings.get("packages-install-path", "dbt_packages")
    for package in sorted(packages.glob("*/dbt_project.yml")):
        yield from _files(package.parent)
