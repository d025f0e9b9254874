"""`strata.yml`: the settings of a company's own folder."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import available_timezones

import yaml
from jinja2 import Environment

from strata.errors import StrataError
from strata.yaml_file import read_yaml

FILE = "strata.yml"
# Settings that are no var of dbt: folders, which start at the folder of the file.
FOLDERS = {"warehouse_dir": "warehouse", "lists_dir": "exports"}
# The var that dbt needs in the company's own dbt_project.yml, since descriptions name it.
NEEDED = "base_currency"
# A var of a run, not of a company.
OF_A_RUN = "as_of_date"
# The macro that both dbt and this module let judge the vars.
CHECK = Path("macros/loading/check_vars.sql")
# The lines of a company's dbt_project.yml that are written from strata.yml.
BLOCK = re.compile(r"(?<=\n)  # from strata\.yml:.*\n(  \w+: .*\n)*  # end\n")


@dataclass(frozen=True)
class Settings:
    """A company's folder and what its strata.yml says.

    `values` has every default filled in; `told` are the vars that dbt is told.
    """

    folder: Path
    values: Mapping[str, Any]
    told: Mapping[str, Any]

    @property
    def variables(self) -> dict[str, Any]:
        """The vars of dbt."""
        return {name: value for name, value in self.values.items() if name not in FOLDERS}

    def place(self, setting: str) -> Path:
        """Return the folder that a setting names."""
        return self.folder / str(self.values[setting])

    @property
    def block(self) -> str:
        """The lines of dbt_project.yml that tell dbt the vars."""
        lines = [
            f"  {name}: {json.dumps(value, default=str)}\n" for name, value in self.told.items()
        ]
        return f"  # from {FILE}: `strata` keeps these lines equal to it\n{''.join(lines)}  # end\n"

    def tell_dbt(self) -> bool:
        """Write the vars into the company's dbt_project.yml; return False if they stood there.

        Raises StrataError if the file has no place for them or cannot be written.
        """
        file = self.folder / "dbt_project.yml"
        try:
            old = file.read_text(encoding="utf-8")
            if not BLOCK.search(old):
                raise StrataError(
                    f"{file} has lost the lines '# from {FILE}' to '# end' below vars: rename the "
                    f"file, run `strata init`, and copy your own settings back"
                )
            new = BLOCK.sub(lambda _: self.block, old, count=1)
            if new != old:
                file.write_text(new, encoding="utf-8")
        except UnicodeDecodeError:
            raise StrataError(f"{file} is not UTF-8: save it as UTF-8") from None
        except FileNotFoundError:
            raise StrataError(f"{file} is missing: `strata init {self.folder}` writes it") from None
        except OSError as error:
            raise StrataError(f"cannot write {file}: {error.strerror}") from None
        return new != old


def read_settings(folder: Path, shipped: Path) -> Settings:
    """Read a company's strata.yml; what it leaves out has the shipped project's default.

    Raises StrataError with a line for each key that is unknown and each value of a wrong type.
    """
    file = folder / FILE
    defaults = dict(read_yaml(shipped / "dbt_project.yml")["vars"]) | FOLDERS
    try:
        node = yaml.compose(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise StrataError(f"cannot read {file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise StrataError(f"{file} is not UTF-8: save it as UTF-8") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{file}:{mark.line + 1}" if mark else str(file)
        raise StrataError(f"{place}: no YAML: {getattr(error, 'problem', error)}") from None
    if node is not None and not isinstance(node, yaml.MappingNode):
        raise StrataError(f"{file}:1: write settings, such as base_currency: CNY")
    lines: dict[str, int] = {}
    values: dict[str, Any] = {}
    problems: list[str] = []
    for key, value in node.value if node else ():
        name, line = str(key.value), key.start_mark.line + 1
        place = f"{file}:{line}"
        if not isinstance(key, yaml.ScalarNode):
            problems.append(f"{place}: write a setting, such as base_currency: CNY")
            continue
        if name not in defaults or name == OF_A_RUN:
            problems.append(f"{place}: {_unknown(name, defaults)}")
        elif name in lines:
            problems.append(f"{place}: {name} stands in line {lines[name]} too: keep one")
        lines[name] = line
        try:
            given = _value(value)
        except (yaml.YAMLError, ValueError, TypeError):
            problems.append(f"{place}: {name} cannot be read: write a plain word or number")
            continue
        if name.endswith("_dir") and not (isinstance(given, str) and given.isprintable() and given):
            said = given.strip() if isinstance(given, str) else given
            problems.append(f"{place}: {name} is {said or 'empty'}: write a folder")
            continue
        values[name] = given
    # A default is not told, so that a new one changes no file; the project's YAML reads one var.
    needed = {name: values.get(name, defaults[name]) for name in [NEEDED]}
    told = {name: value for name, value in values.items() if name not in FOLDERS}
    settings = Settings(folder, defaults | values, needed | told)
    for name, problem in _faults(settings.variables, shipped):
        problems.append(f"{file}:{lines.get(name, 1)}: {name} {problem}")
    if problems:
        raise StrataError("\n  ".join(problems))
    return settings


def _unknown(name: str, defaults: Mapping[str, Any]) -> str:
    if name == OF_A_RUN:
        return f"{name} belongs to a run: take it out, and say `strata build --as-of DATE`"
    known = [key for key in defaults if key != OF_A_RUN]
    close = difflib.get_close_matches(name, known, n=1)
    fix = f"write {close[0]}" if close else f"take it out; there are {', '.join(known)}"
    return f"there is no setting {name}: {fix}"


def _value(node: yaml.Node) -> Any:
    """Return a value; a word is itself, so that the country NO is not false."""
    value = yaml.SafeLoader("").construct_document(node)
    is_word = isinstance(node, yaml.ScalarNode) and not isinstance(value, int | None)
    return node.value if is_word or isinstance(value, bool) else value


def _faults(variables: dict[str, Any], shipped: Path) -> list[tuple[str, str]]:
    """Return each var whose value dbt would refuse, and why, as the project's own macro says it."""
    said: list[str] = []
    environment = Environment(extensions=["jinja2.ext.do"])
    environment.globals.update(
        var=variables.get,
        exceptions=SimpleNamespace(raise_compiler_error=said.append),
        modules=SimpleNamespace(
            re=re,
            datetime=SimpleNamespace(date=date, timedelta=timedelta),
            pytz=SimpleNamespace(all_timezones_set=available_timezones()),
        ),
    )
    macro = (shipped / CHECK).read_text(encoding="utf-8")
    environment.from_string(macro).module.check_vars()  # type: ignore[attr-defined]
    lines = "\n".join(said).splitlines()
    return [(name, problem) for _, name, problem in (line.split(" ", 2) for line in lines)]
