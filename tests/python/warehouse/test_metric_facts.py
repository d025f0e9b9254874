"""What the lint takes for granted about the metrics is true of every customer at every date."""

from __future__ import annotations

from strata.policy.facts import read_facts
from strata.project import Project
from strata.warehouse.releases import Release

from .conftest import connected


def test_the_facts_hold_in_the_sample_company(sample_release: Release) -> None:
    """Asked of both history tables together; a comparison leaves open whether a value is known."""
    value_metric = Project.find().policies()["default"]["value_metric"]
    compared = ("<", "<=", ">", ">=", "=", "!=")

    def sql(metric: str, operator: str, value: str) -> str:
        if operator in ("is_null", "is_not_null"):
            return f"{metric} {operator.replace('_', ' ')}"
        if operator == "whole":
            return f"{metric} = round({metric})"
        if operator == "not above":
            return f"{metric} <= {value}"
        assert operator in compared
        return f"{metric} {operator} '{value}'"

    broken, asked = [], 0
    with connected(sample_release.public) as connection:
        query = """
            create temp view inputs as
            select *
            from customer_metrics_history
            inner join customer_segments_history using (customer_id, as_of_date)
        """
        connection.execute(query)
        columns = {row[0] for row in connection.execute("describe inputs").fetchall()}
        for fact in read_facts():
            names = [fact["when_metric"].replace("value_metric", value_metric), fact["metric"]]
            if not columns.issuperset(filter(None, names)):
                continue
            asked += 1
            when = sql(names[0], fact["when_operator"], fact["when_value"]) if names[0] else "true"
            then = sql(names[1], fact["operator"], fact["value"])
            (count,) = connection.execute(
                f"select count(*) from inputs where ({when}) and not ({then})"
            ).fetchone() or (None,)
            if count:
                broken.append((when, then, count))
    assert broken == []
    assert asked > 100
