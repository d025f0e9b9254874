"""Mutations are found where they belong and nowhere else."""

from __future__ import annotations

import pytest

from strata_lab.mutation_sites import find_mutations, is_parseable, is_valid, mask_jinja


def mutants(text: str, kind: str) -> set[str]:
    """Mutated texts of one kind."""
    return {found.apply(text) for found in find_mutations(text) if found.kind == kind}


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("comparison", "select a >= b from t", {"select a > b from t"}),
        ("comparison", "select a is null from t", {"select a is not null from t"}),
        ("comparison", "select a from t inner join u on t.k = u.k", set()),
        (
            "join",
            "select a from t left join u using (k)",
            {"select a from t inner join u using (k)"},
        ),
        ("join", "select a from t join u using (k)", {"select a from t left join u using (k)"}),
        ("join", "select left(a, 2) from t cross join u", set()),
        (
            "dropped filter",
            "select a from t where a between 1 and 2 and b",
            {
                "select a from t where true and b",
                "select a from t where a between 1 and 2 and true",
            },
        ),
        (
            "dropped filter",
            "select sum(a) filter (where b) from t where c or d",
            {
                "select sum(a) filter (where true) from t where c or d",
                "select sum(a) filter (where b) from t where true",
            },
        ),
        (
            "dropped case",
            "select case when a then case when b then 1 end end from t",
            {
                "select case when false then case when b then 1 end end from t",
                "select case when a then case when false then 1 end end from t",
            },
        ),
        (
            "dropped tie-break",
            "select row_number() over (partition by a order by b desc, c) from t",
            {"select row_number() over (partition by a order by b desc) from t"},
        ),
        (
            "order",
            "select row_number() over (order by {{ x }} nulls last, c desc) order by a",
            {
                "select row_number() over (order by {{ x }} desc nulls last, c desc) order by a",
                "select row_number() over (order by {{ x }} nulls last, c asc) order by a",
            },
        ),
        (
            "arithmetic",
            "select -a * 2, count(*), t.* from t",
            {"select -a / 2, count(*), t.* from t"},
        ),
        ("constant", "select cast(0.95 as decimal(3, 2))", {"select cast(0.96 as decimal(3, 2))"}),
        ("constant", "select a from t where exists (select 1 from u)", set()),
        ("dropped default", "select coalesce(a, f(b, c))", {"select coalesce(a)"}),
        ("aggregate", "select count(distinct a), count(*)", {"select count( a), count(*)"}),
        ("aggregate", "select sum(a), sum from t", {"select count(a), sum from t"}),
        ("and/or", "select a from t where b and c", {"select a from t where b or c"}),
        (
            "dropped branch",
            "with w as (select a from t union all select b from u) select a from w",
            {
                "with w as ( select b from u) select a from w",
                "with w as (select a from t ) select a from w",
            },
        ),
    ],
)
def test_mutants_of_one_kind(kind: str, text: str, expected: set[str]) -> None:
    assert mutants(text, kind) == expected
    assert all(is_valid(text, found) for found in find_mutations(text))


def test_jinja_and_comments_are_never_touched() -> None:
    text = (
        "-- a >= 1\n{{ config(tags=['x >= 1']) }}\n{% set n = 1 + 2 %}\n"
        "select {{ f(1 + 2) }} as a, '{{ var(\"x\") }} >= 3' as b from {{ ref('t') }}"
    )
    assert len(mask_jinja(text)) == len(text)
    assert is_parseable(text)
    assert find_mutations(text) == []


def test_a_macro_that_writes_a_query_is_masked_as_one() -> None:
    call = "{{ deduplicate_and_reject('typed') }}"
    text = f"with a as (\n    {call}\n)\n\nselect * from a where b > 1"
    assert is_parseable(text)
    assert {found.line for found in find_mutations(text)} == {5}


def test_an_unreadable_model_is_told_apart() -> None:
    assert not is_parseable("select {% if a %} 1 {% else %} 2 {% endif %} from t")
