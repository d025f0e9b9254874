"""A wheel in a virtual environment of its own does what the clone does, and stays as it was."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from strata.project import project_dir

SHIPPED = (
    *("analyses", "examples", "macros", "models", "seeds", "snapshots", "tests/data"),
    *("dbt_project.yml", "profiles.yml", "LICENSE"),
)
PACKAGES = ("scripts/strata", "scripts/strata_lab")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    run(
        *(sys.executable, "-m", "pip", "--quiet", "wheel", "--no-deps", "--no-build-isolation"),
        *("--wheel-dir", str(folder), str(project_dir())),
    )
    (file,) = folder.glob("*.whl")
    return file


def run(*command: str, **options: Path | dict[str, str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload]
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return str(done.stdout)


def test_it_has_the_project_and_the_packages_and_nothing_else(wheel: Path) -> None:
    listed = run("git", "-C", str(project_dir()), "ls-files", "-z", *SHIPPED, *PACKAGES)
    expected = {
        name.removeprefix("scripts/")
        if name.startswith("scripts/")
        else f"strata/dbt_project/{name}"
        for name in listed.split("\0")
        if name
    }
    with zipfile.ZipFile(wheel) as opened:
        found = {name for name in opened.namelist() if ".dist-info/" not in name}
    assert found == expected
    assert len(found) > 500


def test_it_makes_and_builds_a_company_and_writes_nothing_into_itself(
    wheel: Path, tmp_path: Path
) -> None:
    venv = tmp_path / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", str(venv))
    python = str(venv / "bin" / "python")
    run(
        *(sys.executable, "-m", "pip", "--quiet", "--python", python),
        *("install", "--no-deps", "--no-index", str(wheel)),
    )
    (site,) = venv.glob("lib/python*/site-packages")
    # Dependencies come from this environment; the line does not bring its own Strata.
    (site / "others.pth").write_text(sysconfig.get_path("purelib") + "\n")
    environment = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"} | {
        "PATH": f"{venv / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "DO_NOT_TRACK": "1",
    }

    def there(*command: str, folder: Path = tmp_path) -> str:
        return run(*command, cwd=folder, env=environment)

    package = site / "strata"
    assert Path(there(python, "-c", "import strata; print(strata.__file__)").strip()) == (
        package / "__init__.py"
    )
    there(sys.executable, "-m", "pip", "--python", python, "check")
    for path in (package, *package.rglob("*")):
        path.chmod(path.stat().st_mode & ~0o222)
    before = content(site)

    there("strata", "init", "acme")
    company = tmp_path / "acme"
    there("strata", "data", "sample", "--customers", "300", folder=company)
    there("strata", "build", folder=company)
    there("strata", "export", folder=company / "models")
    there(python, "-m", "dbt.cli.main", "parse", folder=company)
    assert (company / "warehouse" / "current" / "strata.duckdb").is_file()
    assert len([*(company / "exports" / "current").glob("*.csv")]) > 3
    assert content(site) == before


def content(folder: Path) -> dict[Path, tuple[int, int]]:
    """Return size and time of every file."""
    states = {path: path.lstat() for path in folder.rglob("*")}
    return {path: (state.st_size, state.st_mtime_ns) for path, state in states.items()}
