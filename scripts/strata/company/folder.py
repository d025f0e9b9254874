"""Making a company's folder."""

from __future__ import annotations

import re
from pathlib import Path

from strata import __version__
from strata.catalogue import report
from strata.errors import StrataError
from strata.project import PACKAGE, Project, named, project_dir, refuse_checkout
from strata.seeds import CHANGE, FOLDERS, read_seeds
from strata.settings import FILE, OF_A_RUN

TEMPLATE = Path(__file__).parent / "template"
VARS = re.compile(r"^vars:\n(.*?)^\S", re.MULTILINE | re.DOTALL)
# A var of dbt_project.yml with the comment above it.
VAR = re.compile(r"((?:  # .*\n)+)  (\w+): (.*)\n")
HEAD = """\
# Settings of this company. `strata` finds this file from its folder and from any below; relative
# folders start here. A line that is left out has the value written here.
"""
MORE = """\
# Folder of the releases.
warehouse_dir: warehouse
# Folder of the lists.
lists_dir: exports
"""


def make_folder(folder: Path) -> list[str]:
    """Write what a company's folder lacks, and never change a file of it; return what was written.

    The vars in its dbt_project.yml alone are made equal to strata.yml.

    Raises StrataError if the folder lies inside Strata, is another dbt project or a file, cannot be
    written, or has a wrong setting.
    """
    made: list[str] = []
    try:
        refuse_checkout(folder)
        if (folder / "dbt_project.yml").exists() and not (folder / FILE).exists():
            raise StrataError(f"{folder} is a dbt project already: name another folder")
        for name, text in _files(project_dir()).items():
            path = folder / name
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
                made.append(name)
        profiles = folder / "profiles.yml"
        if not (profiles.exists() or profiles.is_symlink()):
            profiles.symlink_to(f"{PACKAGE}/profiles.yml")
            made.append("profiles.yml")
    except OSError as error:
        raise StrataError(f"cannot write {error.filename or folder}: {error.strerror}") from None
    token = named.set(folder)
    try:
        Project.find().ready()
    finally:
        named.reset(token)
    return made


def _files(shipped: Path) -> dict[str, str]:
    """Return the text of every file of a new folder by its name."""
    seeds = read_seeds(shipped, folders=FOLDERS).values()
    keys = "\n".join(
        f"| `{seed.own_file}` | {', '.join(f'`{column}`' for column in seed.key)} |"
        for seed in seeds
    )
    return {
        FILE: f"{HEAD}\n{_settings(shipped)}{MORE}",
        "README.md": report("company", keys=keys) + "\n",
        "requirements.txt": f"strata-warehouse[sample]=={__version__}\n",
        ".gitignore": (TEMPLATE / "gitignore").read_text(encoding="utf-8"),
        ".github/workflows/strata.yml": (TEMPLATE / "workflow.yml").read_text(encoding="utf-8"),
        "dbt_project.yml": (TEMPLATE / "dbt_project.yml").read_text(encoding="utf-8"),
        "warehouse/.gitignore": "*\n!.gitignore\n",
        **{f"{name}/.gitkeep": "" for name in ("mappings", "models", "tests")},
        **{seed.own_file: ",".join((CHANGE, *seed.header)) + "\n" for seed in seeds},
    }


def _settings(shipped: Path) -> str:
    """Return the vars of the shipped dbt_project.yml, each with its explanation, as strata.yml."""
    project = (shipped / "dbt_project.yml").read_text(encoding="utf-8")
    (block,) = VARS.findall(project)
    found = {name: (said, value) for said, name, value in VAR.findall(block) if name != OF_A_RUN}
    return "".join(
        f"{re.sub('^  ', '', said, flags=re.MULTILINE)}{name}: {value}\n"
        for name, (said, value) in found.items()
    )
