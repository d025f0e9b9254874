"""No var of a run reaches SQL unless it is a value of its type."""

from __future__ import annotations

import datetime
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import jinja2
import pytest

from strata.project import Project, project_dir

SQL = ["x'; drop table customers; --", 'x"', "1 or 1 = 1", "{{ ref('orders') }}", "a\nb", "", None]
GOOD: dict[str, list[Any]] = {
    "as_of_date": [None, "", "2024-02-29", datetime.date(2026, 6, 30)],
    "base_currency": ["CNY", "EUR"],
    "business_time_zone": ["UTC", "Asia/Shanghai", "America/Port-au-Prince", "Etc/GMT+8"],
    "default_customer_type": ["business", "consumer"],
    "default_phone_country": ["CN"],
    "history_quarters": [0, 9, 400],
    "raw_data_dir": ["data/raw", "/srv/Bob's [new] data", "x'; drop table customers; --"],
    "segmentation_policy": ["default", "b2b_saas"],
    "source_files": [{}, {"erp_orders": {"decimal": ","}}],
}
BAD: dict[str, list[Any]] = {
    "as_of_date": ["2026-13-01", "2026-02-29", "2026-00-10", "2026-01-00", "30/06/2026", 20260630],
    "base_currency": ["cny", "RMBY", "C1Y"],
    "business_time_zone": ["Asia/Shanghi", "CST6", "asia shanghai"],
    "default_customer_type": ["person", "Business"],
    "default_phone_country": ["cn", "86", "CHN"],
    "history_quarters": ["9", -1, 401, 2.5, True],
    "raw_data_dir": [],
    "segmentation_policy": ["my policy", "ours;"],
    "source_files": ["erp_orders", ["erp_orders"]],
}
CASES = [
    (name, value)
    for name in GOOD
    for value in [*BAD[name], *SQL]
    if value not in GOOD[name] and not (name == "raw_data_dir" and value and "\n" not in value)
]


class Refused(Exception):
    """What `exceptions.raise_compiler_error` raises here."""


def check(values: dict[str, Any]) -> None:
    """Run the macro `check_vars` with these vars, as dbt does on the start of a run."""

    class Raiser:
        @staticmethod
        def raise_compiler_error(message: str) -> None:
            raise Refused(message)

    class Modules:
        re = re
        pytz = import_module("pytz")  # comes with dbt, without types
        datetime = datetime

    source = (project_dir() / "macros/loading/check_vars.sql").read_text(encoding="utf-8")
    environment = jinja2.Environment(extensions=["jinja2.ext.do"], undefined=jinja2.StrictUndefined)
    template = environment.from_string(source)
    names = {"var": values.__getitem__, "modules": Modules, "exceptions": Raiser}
    template.make_module(names).check_vars()  # type: ignore[attr-defined]


@pytest.mark.parametrize(("name", "value"), CASES, ids=repr)
def test_another_value_is_refused_by_name(name: str, value: Any) -> None:
    with pytest.raises(Refused) as refused:
        check(Project.find().variables | {name: value})
    assert str(refused.value).startswith(f"var {name} is ")
    assert ": write " in str(refused.value)


@pytest.mark.parametrize("name", GOOD)
def test_a_value_of_the_type_passes(name: str) -> None:
    for value in GOOD[name]:
        check(Project.find().variables | {name: value})


def test_every_var_of_the_project_is_checked() -> None:
    folders = ("models", "macros", "tests/data", "snapshots", "analyses")
    used = {
        name
        for folder in folders
        for path in Path(project_dir(), folder).rglob("*.sql")
        for name in re.findall(r"\bvar\(['\"](\w+)['\"]", path.read_text(encoding="utf-8"))
    }
    assert used <= set(GOOD)
    assert set(Project.find().variables) == set(GOOD)


def test_it_runs_before_anything_else() -> None:
    hooks = (project_dir() / "dbt_project.yml").read_text(encoding="utf-8").split("on-run-start:")
    assert hooks[1].split()[:4] == ["-", '"{{', "check_vars()", '}}"']
