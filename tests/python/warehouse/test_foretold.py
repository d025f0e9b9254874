"""What `strata explain` says will happen is done, and the models judge the company anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from strata.explain.copies import Scenario
from strata.explain.outlook import answers, said
from strata.explain.simulate import Simulation
from strata.policy.judgements import Judgements
from strata.project import project_dir
from strata_lab.compiled import Models, compile_models
from strata_lab.sample.generate import SampleOptions, make_sample

from .test_policies import POLICIES, seeds_of

Row = dict[str, Any]
# The last day of the sample, so that no fact of it lies in the future that is played.
AS_OF = date(2026, 10, 31)
FAR = date(2027, 12, 31)
TARGETS = ("customer_segments", "rfm_cut_points", "orders")
# Answers of each kind that are played per policy.
PLAYED = 2


def on_days(days: Iterable[date]) -> Models:
    """Return the models with these dates to judge on; nothing else of their SQL changes."""
    rows = " union all ".join(
        f"select date '{day}' as as_of_date, {day == FAR} as is_current" for day in {*days, FAR}
    )
    nodes = compile_models(*TARGETS, as_of=FAR.isoformat()).nodes
    return Models(
        [
            node | {"compiled_code": rows} if node["name"] == "as_of_dates" else node
            for node in nodes
        ]
    )


@dataclass
class Play:
    """Rows added to the raw tables, and the expected result."""

    orders: list[tuple[str, date, Decimal]] = field(default_factory=list)
    contracts: list[tuple[str, date, Decimal]] = field(default_factory=list)
    expected: list[tuple[str, str, date, str, bool]] = field(default_factory=list)

    def expect(self, customer: str, way: Row, day: date, outcome: str, is_so: bool = True) -> None:
        """Note that a customer has, or has not, a label on a day."""
        column = "tier_key" if way["rule_set"] == "tier" else "lifecycle_stage_key"
        self.expected.append((customer, column, day, outcome, is_so))

    def add(self, customer: str, way: Row, usual: Decimal) -> bool:
        """Note one answer to be played for a customer; tell whether it can be.

        Every other sum or count is played a hundredth or an order short, and must not do.
        """
        day, target = way["by_date"], way["target_key"]
        less = len(self.expected) % 2 == 0
        if way["direction"] == "next" and way["rule_set"] == "lifecycle" and way["from_date"]:
            self.expect(customer, way, way["from_date"] - timedelta(1), way["outcome_key"])
            self.expect(customer, way, way["from_date"], target)
        elif way["direction"] == "next" and way["rule_set"] == "tier":
            self.expect(customer, way, day, target)
            if way["from_date"]:
                eve = way["from_date"] - timedelta(1)
                self.expect(customer, way, eve, target, False)
                self.expect(customer, way, way["from_date"], target)
        elif way["actions"] == ("money",):
            amount = Decimal(str(way["difference"]))
            slightly = amount - max(amount / 100, Decimal("0.01"))
            self.orders += [(customer, day, slightly if less else amount)]
            self.expect(customer, way, day, target, not less)
        elif way["actions"] == ("contract",) and way["rule_set"] == "tier":
            amount = Decimal(str(way["difference"]))
            slightly = amount - max(amount / 100, Decimal("0.01"))
            self.contracts += [(customer, day, slightly if less else amount)]
            self.expect(customer, way, day, target, not less)
        elif way["actions"] == ("order",) and way["rule_set"] == "tier":
            count = way["difference"] - less
            self.orders += [(customer, day, Decimal("0.01"))] * count
            self.expect(customer, way, day, target, not less)
        elif way["actions"] == ("order",) and way["direction"] == "keep":
            self.orders += [(customer, day, usual)]
            self.expect(customer, way, day + timedelta(1), target)
        elif way["actions"] == ("order",):
            self.orders += [(customer, AS_OF, usual)]
            self.expect(customer, way, AS_OF, target)
        else:
            return False
        return True


@pytest.fixture(scope="module")
def models() -> Models:
    return compile_models(*TARGETS, as_of=AS_OF.isoformat())


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("company")
    make_sample(SampleOptions(customers=300), folder)
    return folder / "raw"


@pytest.fixture(scope="module")
def company(models: Models, raw: Path) -> duckdb.DuckDBPyConnection:
    """The company under the default policy; a test makes it anew under another."""
    return models.run(raw.glob("*.parquet"))


def played_raw(raw: Path, folder: Path, play: Play, codes: dict[str, str]) -> list[Path]:
    """Write the raw tables with the orders and contracts of a play added."""
    added = {
        "erp_orders": [
            {
                "order_id": f"PLAYED{number}",
                "customer_code": codes[customer],
                "ordered_at": f"{day} 12:00:00",
                "order_total_amount": str(amount),
                "currency": "CNY",
                "status": "completed",
            }
            for number, (customer, day, amount) in enumerate(play.orders)
        ],
        "billing_contracts": [
            {
                "contract_id": f"PLAYED{number}",
                "customer_code": codes[customer],
                "plan": "basic",
                "annual_amount": str(amount),
                "currency": "CNY",
                "start_date": day.isoformat(),
                "end_date": FAR.isoformat(),
                "status": "active",
            }
            for number, (customer, day, amount) in enumerate(play.contracts)
        ],
    }
    files = {path.stem: path for path in raw.glob("*.parquet")}
    for table, rows in added.items():
        if rows:
            target = folder / f"{table}.parquet"
            values = ", ".join(
                "(" + ", ".join(f"'{row[name]}'" for name in rows[0]) + ")" for row in rows
            )
            duckdb.sql(
                f"copy (from '{files[table]}' union all by name"
                f" from (values {values}) as added ({', '.join(rows[0])})) to '{target}'"
            )
            files[table] = target
    return list(files.values())


@pytest.mark.parametrize("policy", POLICIES)
def test_what_is_foretold_comes_true(
    policy: str, models: Models, company: duckdb.DuckDBPyConnection, raw: Path, tmp_path: Path
) -> None:
    seeds = seeds_of(policy, tmp_path)
    models.again(company, seeds)
    connection = company
    connection.execute("set search_path = 'main,intermediate,staging,policy'")
    nodes = {f"{node['resource_type']}.strata.{node['name']}": node for node in models.nodes}
    judgements = Judgements.read(project_dir())
    # One customer of each tier and stage, with a number in the order system, in a group and not.
    asked = connection.execute(
        """
        select
            any_value(customer_id order by customer_id),
            any_value(code order by customer_id),
            group_customer_id is null as is_alone
        from customer_segments
        inner join (
            select customer_id, any_value(source_record_id) as code
            from customer_identity_map where source_system = 'erp' group by 1
        ) using (customer_id)
        group by customer_type, tier_key, lifecycle_stage_key, is_alone
        qualify row_number() over (
            partition by is_alone order by hash(any_value(customer_id order by customer_id))
        ) <= 9
        order by is_alone, hash(any_value(customer_id order by customer_id))
        """
    ).fetchall()
    ((has_groups,),) = connection.execute(
        "select rolls_up_to_parent from int_policy__current"
    ).fetchall()
    assert {is_alone for _, _, is_alone in asked} == {True, not has_groups}
    codes = {customer: code for customer, code, _ in asked}
    play = Play()
    played: dict[tuple[str, ...], int] = {}
    for customer, _, is_alone in asked:
        simulation = Simulation(connection, nodes, customer)
        now = simulation.ask([Scenario(AS_OF)])[0]
        assert now.outcomes == {
            "tier": simulation.segments["tier_key"],
            "lifecycle": simulation.segments["lifecycle_stage_key"],
        }
        today = simulation.segments | simulation.today
        differing = {
            name: (value, today[name])
            for name, value in now.values.items()
            if value != today[name] and value != pytest.approx(today[name], rel=1e-9)
        }
        assert differing == {}
        if not is_alone:
            continue  # what the others of its group do would count too
        told = said(answers(simulation, judgements), judgements)["ways"]
        ways = [way for way in told if way["is_closed"]]
        # Either one thing is done or nothing is: what comes by itself holds only then.
        for way in sorted(ways, key=lambda way: not way["actions"]):
            kind = way["rule_set"], way["direction"], *way["actions"]
            if played.get(kind, 0) < PLAYED and play.add(customer, way, simulation.usual_amount):
                played[kind] = played.get(kind, 0) + 1
                if way["actions"]:
                    break
    assert ("lifecycle", "next") in played and len(played) >= 2

    (tmp_path / "limits.csv").write_text("policy_key,source_table,stale_after_days,action\n")
    seeds["source_limits"] = tmp_path / "limits.csv"
    files = played_raw(raw, tmp_path, play, codes)
    later = on_days(day for _, _, day, _, _ in play.expected).run(files, seeds=seeds)
    wrong = []
    for customer, column, day, outcome, is_so in play.expected:
        found = later.execute(
            f"select {column} from customer_segments_history"
            " where customer_id = ? and as_of_date = ?",
            [customer, day],
        ).fetchone()
        assert found is not None
        if (found[0] == outcome) != is_so:
            wrong.append((customer, column, day, outcome, is_so, found[0]))
    assert wrong == []
