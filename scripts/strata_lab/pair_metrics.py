"""Pairwise and B-cubed figures of a resolution against the truth, and which rules were wrong.

All in SQL over the groups of records that share both customer and true entity, so that a customer
of 100,000 records costs no more than 100,000 customers of one.

Pairwise precision is the share of joined pairs that belong together, recall the share of true pairs
that are joined (Menestrina, Whang and Garcia-Molina 2010). B-cubed takes for each record the share
of its customer's records that are its own entity's (precision), and of its entity's that are its
customer's (recall), and averages over records (Bagga and Baldwin 1998).
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

INDIRECT = "(no rule)"

CELLS = """
    create or replace temp table pair_cells as
    select customer_id, true_entity_id, count(*) as record_count
    from {resolved}
    group by customer_id, true_entity_id
"""
FIGURES = """
    with customers as (
        select customer_id, sum(record_count) as record_count
        from pair_cells
        group by customer_id
    ),

    entities as (
        select true_entity_id, sum(record_count) as record_count
        from pair_cells
        group by true_entity_id
    )

    select
        (select count(*) from customers) as customers,
        (select max(record_count) from customers) as largest_cluster,
        (select sum(record_count * (record_count - 1) // 2) from customers) as joined_pairs,
        (select sum(record_count * (record_count - 1) // 2) from entities) as true_pairs,
        (select sum(record_count * (record_count - 1) // 2) from pair_cells) as found_pairs,
        sum(pair_cells.record_count * pair_cells.record_count / customers.record_count)
            / sum(pair_cells.record_count) as b_cubed_precision,
        sum(pair_cells.record_count * pair_cells.record_count / entities.record_count)
            / sum(pair_cells.record_count) as b_cubed_recall,
        sum(pair_cells.record_count) as records
    from pair_cells
    inner join customers using (customer_id)
    inner join entities using (true_entity_id)
"""
# Edges inside a customer whose ends are two entities; the strongest first.
WRONG_EDGES = """
    create or replace temp table wrong_edges as
    select
        left_ends.customer_id,
        edges.left_record_key,
        edges.right_record_key,
        edges.rule_key,
        coalesce(rules.priority, 0) as priority,
        least(left_ends.true_entity_id, right_ends.true_entity_id) as first_entity_id,
        greatest(left_ends.true_entity_id, right_ends.true_entity_id) as second_entity_id
    from {edges} as edges
    inner join {resolved} as left_ends
        on edges.left_record_key = left_ends.record_key
    inner join {resolved} as right_ends
        on edges.right_record_key = right_ends.record_key
    left join {rules} as rules
        on edges.rule_key = rules.rule_key
    where left_ends.customer_id = right_ends.customer_id
        and left_ends.true_entity_id <> right_ends.true_entity_id
"""
FALSE_PAIRS = """
    with customers as (
        select
            customer_id,
            (sum(record_count) * sum(record_count) - sum(record_count * record_count)) // 2
                as false_pairs
        from pair_cells
        group by customer_id
        having count(*) > 1
    ),

    -- Two entities that an edge joins: all pairs between them are that edge's.
    joined_entities as (
        select
            customer_id,
            first_entity_id,
            second_entity_id,
            arg_min(rule_key, (priority, rule_key)) as rule_key
        from wrong_edges
        group by customer_id, first_entity_id, second_entity_id
    ),

    direct as (
        select
            joined_entities.customer_id,
            joined_entities.rule_key,
            first_cells.record_count * second_cells.record_count as false_pairs
        from joined_entities
        inner join pair_cells as first_cells
            on joined_entities.customer_id = first_cells.customer_id
            and joined_entities.first_entity_id = first_cells.true_entity_id
        inner join pair_cells as second_cells
            on joined_entities.customer_id = second_cells.customer_id
            and joined_entities.second_entity_id = second_cells.true_entity_id
    ),

    weakest as (
        select customer_id, arg_max(rule_key, (priority, rule_key)) as rule_key
        from wrong_edges
        group by customer_id
    ),

    -- A pair that only a chain of edges joins counts under the weakest of them.
    indirect as (
        select
            customers.customer_id,
            weakest.rule_key,
            customers.false_pairs - coalesce(totals.false_pairs, 0) as false_pairs
        from customers
        left join weakest
            on customers.customer_id = weakest.customer_id
        left join (
            select customer_id, sum(false_pairs) as false_pairs from direct group by customer_id
        ) as totals
            on customers.customer_id = totals.customer_id
    )

    select coalesce(rule_key, $indirect) as rule_key, cast(sum(false_pairs) as bigint)
    from (from direct union all by name from indirect)
    group by all
    having sum(false_pairs) > 0
    order by sum(false_pairs) desc, rule_key
"""
FIRST_WRONG = """
    select left_record_key, right_record_key, arg_min(rule_key, (priority, rule_key))
    from wrong_edges
    group by left_record_key, right_record_key
    order by left_record_key, right_record_key
    limit $count
"""


@dataclass(frozen=True)
class Quality:
    """Precision, recall and their harmonic mean, each from 0 to 1."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True)
class Figures:
    """How well a resolution fits the truth; pairs are of records, unordered.

    `false_pairs_by_rule` sums to the joined pairs that are false. `first_false` holds (left record
    key, right record key, rule_key) of edges that join two entities in one customer.
    """

    records: int
    customers: int
    largest_cluster: int
    true_pairs: int
    joined_pairs: int
    found_pairs: int
    pairwise: Quality
    b_cubed: Quality
    false_pairs_by_rule: dict[str, int]
    first_false: list[tuple[str, str, str]]


def measure(
    connection: duckdb.DuckDBPyConnection,
    *,
    resolved: str,
    edges: str,
    rules: str,
    count: int = 20,
) -> Figures:
    """Measure a resolution.

    Args:
        connection: where the tables are.
        resolved: table with record_key (unique), customer_id and true_entity_id, none of them null.
        edges: table with left_record_key, right_record_key and rule_key.
        rules: table with rule_key (unique) and priority; a rule that is not in it counts as 0.
        count: how many false pairs to list.
    """
    connection.execute(CELLS.format(resolved=resolved))
    connection.execute(WRONG_EDGES.format(resolved=resolved, edges=edges, rules=rules))
    row = connection.execute(FIGURES).fetchall()[0]
    customers, largest, joined, true, found = (int(value or 0) for value in row[:5])
    precision = found / joined if joined else 1.0
    recall = found / true if true else 1.0
    return Figures(
        records=int(row[7] or 0),
        customers=customers,
        largest_cluster=largest,
        true_pairs=true,
        joined_pairs=joined,
        found_pairs=found,
        pairwise=_quality(precision, recall),
        b_cubed=_quality(float(row[5] or 0), float(row[6] or 0)),
        false_pairs_by_rule=dict(
            connection.execute(FALSE_PAIRS, {"indirect": INDIRECT}).fetchall()
        ),
        first_false=connection.execute(FIRST_WRONG, {"count": count}).fetchall(),
    )


def _quality(precision: float, recall: float) -> Quality:
    both = precision + recall
    return Quality(precision, recall, 2 * precision * recall / both if both else 0.0)
