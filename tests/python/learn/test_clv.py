"""`strata model clv` on releases made by hand: what it writes, and what it refuses."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from click.testing import CliRunner, Result

from strata.cli import group
from strata.errors import StrataError
from strata.learn.lifetime import fit_amounts, fit_purchases
from strata_lab.bench_value import draw

Table = dict[str, Any]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a raw folder and no release yet; the working directory."""
    (tmp_path / "dbt_project.yml").write_text("vars: {raw_data_dir: data/raw}\n")
    (tmp_path / "data" / "raw").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def customers(number: int, kind: str = "consumer", seed: int = 1) -> Table:
    """Return customers drawn from the models, with ids of their own."""
    ids = np.array([f"{kind}_{n:04}" for n in range(number)])
    return {"customer_id": ids, "customer_type": np.full(number, kind), **draw(number, seed)}


def release(project: Path, *tables: Table, name: str = "r1") -> None:
    """Publish a release with these customers, or with no table of them at all."""
    folder = project / "warehouse" / "releases" / name
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "strata.duckdb")) as public:
        for number, table in enumerate(tables):
            import pandas as pd

            public.register("given", pd.DataFrame(table))
            made = """
                select
                    customer_id, customer_type, frequency as btyd_frequency,
                    recency as btyd_recency, age as btyd_age,
                    cast(case when frequency > 0 then average end as decimal(18, 4))
                        as repeat_purchase_average_amount
                from given
            """
            create = "create table customer_lifetime_values as" if number == 0 else "insert into"
            target = "" if number == 0 else "customer_lifetime_values"
            public.execute(f"{create} {target} {made}")
    (folder / "release.json").write_text(f'{{"build_id": "{name}", "as_of_date": "2026-09-10"}}')
    (project / "warehouse" / "current").symlink_to(f"releases/{name}")


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(group, ["model", "clv", *arguments])
    if isinstance(result.exception, StrataError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result


Read = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture
def read(project: Path) -> Read:
    """A function that asks the written file, as `estimates`."""
    path = project / "data" / "raw" / "model_lifetime_values.parquet"

    def ask(query: str) -> list[tuple[Any, ...]]:
        return duckdb.execute(query.replace("estimates", f"'{path}'")).fetchall()

    return ask


def test_writes_the_estimates_for_the_next_build(project: Path, read: Read) -> None:
    drawn = customers(2000)
    release(project, drawn)
    said = json.loads(run("--json").stdout)
    assert [file.name for file in (project / "data" / "raw").iterdir()] == [
        "model_lifetime_values.parquet"
    ]
    assert [row[:2] for row in read("describe from estimates")] == [
        ("customer_id", "VARCHAR"),
        ("as_of_date", "DATE"),
        ("probability_alive", "DOUBLE"),
        *((f"expected_purchase_count_{months}m", "DOUBLE") for months in (3, 6, 12)),
        *((f"expected_value_amount_{months}m", "DOUBLE") for months in (3, 6, 12)),
        ("method_version", "VARCHAR"),
        ("fitted_at", "TIMESTAMP"),
    ]
    assert said["customers"] == 2000 and said["left_out"] == {}
    repeat = int((drawn["frequency"] > 0).sum())
    assert read(
        """
        select
            count(*), count(distinct customer_id), count(probability_alive),
            min(as_of_date)::varchar, bool_and(probability_alive between 0 and 1),
            bool_and(expected_purchase_count_3m < expected_purchase_count_6m),
            bool_and(expected_purchase_count_6m < expected_purchase_count_12m),
            bool_and(expected_value_amount_3m > 0), min(method_version)
        from estimates
        """
    ) == [(2000, 2000, repeat, "2026-09-10", True, True, True, True, "bg-nbd-gamma-gamma/1")]


def test_estimates_are_those_of_the_models(project: Path, read: Read) -> None:
    """Customer by customer, without the grouping of equal ones: to 1e-6 of the value."""
    drawn = customers(1000)
    release(project, drawn)
    run()
    history: tuple[Any, Any, Any] = (drawn["frequency"], drawn["recency"], drawn["age"])
    purchases = fit_purchases(*history)
    is_repeat = drawn["frequency"] > 0
    average: Any = np.round(drawn["average"], 4)
    amounts = fit_amounts(drawn["frequency"][is_repeat], average[is_repeat])
    expected = {
        "expected_purchase_count_3m": purchases.expected_purchases(*history, 91),
        "expected_purchase_count_6m": purchases.expected_purchases(*history, 182),
        "expected_purchase_count_12m": purchases.expected_purchases(*history, 365),
        "probability_alive": np.where(is_repeat, purchases.probability_alive(*history), np.nan),
    }
    expected["expected_value_amount_12m"] = expected[
        "expected_purchase_count_12m"
    ] * amounts.expected_amount(drawn["frequency"], average)
    for column, values in expected.items():
        found = [row[0] for row in read(f"select {column} from estimates order by customer_id")]
        assert [np.nan if value is None else value for value in found] == pytest.approx(
            values.tolist(), rel=1e-4, nan_ok=True
        )


def test_customer_types_are_fitted_apart(project: Path, read: Read) -> None:
    alone = customers(600, "business", seed=2)
    release(project, customers(600), alone)
    run()
    together = read("from estimates where customer_id like 'business%' order by 1")
    (project / "warehouse" / "current").unlink()
    release(project, alone, name="r2")
    run()
    assert [row[:9] for row in read("from estimates order by 1")] == [row[:9] for row in together]


def test_shuffled_customers_give_the_same_estimates(project: Path, read: Read) -> None:
    drawn = customers(800)
    release(project, drawn)
    run()
    first = read("select * exclude (fitted_at) from estimates")
    (project / "warehouse" / "current").unlink()
    order = np.random.default_rng(3).permutation(800)
    release(project, {name: values[order] for name, values in drawn.items()}, name="r2")
    run()
    assert read("select * exclude (fitted_at) from estimates") == first


def test_a_type_with_few_repeat_buyers_is_left_out(project: Path, read: Read) -> None:
    release(project, customers(600), customers(20, "business"))
    lines = run().stdout.splitlines()
    assert "left out" in next(line for line in lines if line.startswith("business"))
    assert read("select count(*) from estimates where customer_id like 'business%'") == [(0,)]


def test_customers_who_never_ordered_are_left_out(project: Path, read: Read) -> None:
    leads = customers(10, seed=4)
    leads["customer_id"] = np.array([f"lead_{n}" for n in range(10)])
    leads["frequency"] = np.full(10, None)
    release(project, customers(600), leads)
    run()
    assert read("select count(*), count(*) filter (customer_id like 'lead%') from estimates") == [
        (600, 0)
    ]


def test_values_without_a_mean_are_not_estimated(project: Path, read: Read) -> None:
    """Mean values over thirty powers of ten have no finite mean; purchases are still expected."""
    drawn = customers(600)
    wild = np.random.default_rng(1).normal(0, 8, 600)
    drawn["average"] = np.where(drawn["frequency"] > 0, np.clip(np.exp(wild), 0.01, 1e12), 0)
    release(project, drawn)
    assert "not estimated" in run().stdout
    assert read("select count(expected_value_amount_12m), count(expected_purchase_count_12m)"
                " from estimates") == [(0, 600)]  # fmt: skip


def test_says_what_it_did_in_a_few_lines(project: Path) -> None:
    release(project, customers(600))
    elsewhere = project / "elsewhere"
    elsewhere.mkdir()
    lines = run("--raw", str(elsewhere)).stdout.splitlines()
    assert lines[0].split() == ["Release", "r1"]
    assert lines[1].startswith("consumer          600 buyers, ")
    assert lines[2].split()[:2] == ["purchases", "r"] and "log-likelihood -" in lines[2]
    assert lines[3].split()[:2] == ["values", "p"]
    assert lines[4].split() == ["Written", "600", "customers"]
    assert str(elsewhere / "model_lifetime_values.parquet") in lines[5]


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ([], r"release r1 holds no customer_lifetime_values.*run `strata build` first"),
        ([customers(0)], "no customer has an order that counts"),
        ([customers(20)], r"two days or more: \d+ consumer; a customer type needs 30"),
    ],
    ids=["an older release", "no orders", "few repeat buyers"],
)
def test_a_release_to_learn_nothing_from_is_refused(
    project: Path, tables: list[Table], message: str
) -> None:
    release(project, *tables)
    path = project / "data" / "raw" / "model_lifetime_values.parquet"
    path.write_text("old")
    with pytest.raises(StrataError, match=message) as caught:
        run()
    assert "\n" not in str(caught.value) and caught.value.exit_code == 2
    assert path.read_text() == "old"


def test_refuses_without_a_release_or_a_raw_folder(project: Path) -> None:
    with pytest.raises(StrataError, match=r"no release yet: run `strata build --out .*` first"):
        run()
    release(project, customers(100))
    with pytest.raises(StrataError, match=r"no folder .*/nowhere: name the folder"):
        run("--raw", "nowhere")


def test_refuses_a_raw_folder_with_a_template_of_the_table(project: Path) -> None:
    """`strata data init` writes one; the next build would stop at two files of one table."""
    release(project, customers(100))
    template = project / "data" / "raw" / "model_lifetime_values.csv"
    template.write_text("customer_id,as_of_date\n")
    with pytest.raises(StrataError, match=r"model_lifetime_values\.csv: remove it"):
        run()


def test_refuses_without_scipy(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy.special", None)
    with pytest.raises(StrataError, match=r"need SciPy: pip install 'strata-warehouse\[clv\]'"):
        run()
